<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Deleted repositories")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/deleted_repositories'"/>
<section aria-label="${_('Deleted repositories')}"><div class="k-head"><h1>${_("Deleted repositories")} <span class="k-count">${number(len(page.rows))}</span></h1></div>
% if 0 in page.problems:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problems[0]}</p></div>
% endif
% if page.rows:
<p class="soft">${_("One that is brought back has its address, settings, permissions and followers again.")}</p>
<div class="k-panel"><ul class="k-list">
% for row in page.rows:
<li class="stack"><div class="row-f wrap"><span class="k-kind ${row.kind}">${row.kind}</span><b class="grow clip">${row.path}</b><span class="small soft">${_("%(age)s by %(name)s", age=shell.reader.ago(row.deleted), name=visible(row.deleted_by))}</span><span class="small muted">${_("kept until %(date)s", date=shell.reader.moment(row.until))}</span></div>
<form class="row-f wrap" method="post" action="${shell.links.page('_admin/deleted_repositories')}">${shell.csrf_field}<input type="hidden" name="repository_id" value="${str(row.repository_id)}"><label class="vh" for="p${str(row.repository_id)}">${_("Path of %(repository)s", repository=row.path)}</label><input class="form-control grow w-auto ${'k-invalid' if row.repository_id in page.problems else ''}" id="p${str(row.repository_id)}" name="path" value="${page.written.get(row.repository_id, row.path)}" required autocomplete="off" autocapitalize="none" spellcheck="false"${' aria-invalid=true aria-describedby=e%d' % row.repository_id if row.repository_id in page.problems else ''}><button class="btn btn-default" type="submit">${shell.icon("reply")}${_("Bring back")}</button></form>
<%include file="/ui/_field_error.mako" args="problem=page.problems.get(row.repository_id, ''), id='e%d' % row.repository_id"/></li>
% endfor
</ul></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("trash")}<h2>${_("Nothing was deleted lately")}</h2><p>${_("Deleted repositories stay here until their files are taken away for good.")}</p></div></div>
% endif
</section></div>
