<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Allowed on the site")} · ${page.name}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("What %(name)s may make", name=page.name)}</h1><a class="btn btn-default ms-auto" href="${shell.links.page(f'_admin/users/edit/{page.subject_id}')}">${shell.icon("person")}${_("Account")}</a></div>
<%include file="_subject.mako"/>
<%include file="/ui/_allowance_lines.mako" args="lines=page.lines"/>
</div></div>
