<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Repositories")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/repositories'"/>
<section aria-label="${_('Repositories')}"><div class="k-head"><h1>${_("Repositories")} <span class="k-count">${number(page.total)}</span></h1><a class="btn btn-default ms-auto" href="${page.export_address}">${shell.icon("download")}${_("Export as CSV")}</a><a class="btn btn-primary" href="${shell.links.page('_admin/create_repository')}">${shell.icon("plus")}${_("New repository")}</a></div>
<form class="d-flex flex-wrap gap-2 align-items-end mb-3" method="get" action="${shell.links.page('_admin/repositories')}" role="search">
<div><label class="form-label small" for="i-f">${_("Name, description or owner")}</label><input class="form-control form-control-sm" type="search" id="i-f" name="f" value="${page.chosen.words}" autocomplete="off" spellcheck="false"></div>
<div><label class="form-label small" for="i-k">${_("Kind")}</label><select class="form-select form-select-sm" id="i-k" name="kind"><option value="">${_("Everything")}</option>
% for value, label in (("git", "Git"), ("hg", "Mercurial")):
<option value="${value}"${' selected' if value == page.chosen.kind else ''}>${label}</option>
% endfor
</select></div>
<div><label class="form-label small" for="i-s">${_("Which ones")}</label><select class="form-select form-select-sm" id="i-s" name="state">
% for state, words in page.states:
<option value="${state}"${' selected' if state == page.chosen.state else ''}>${words}</option>
% endfor
</select></div>
<div><label class="form-label small" for="i-g">${_("In the group")}</label><input class="form-control form-control-sm" id="i-g" name="group" value="${page.chosen.group}" autocomplete="off" spellcheck="false"></div>
<div><label class="form-label small" for="i-o">${_("Owner")}</label><input class="form-control form-control-sm" id="i-o" name="owner" value="${page.chosen.owner}" autocomplete="off" spellcheck="false"></div>
<button class="btn btn-default" type="submit">${_("Filter")}</button>
% if page.is_filtered:
<a class="btn btn-ghost" href="${shell.links.page('_admin/repositories')}">${_("Clear")}</a>
% endif
</form>
% if page.rows:
<div class="k-panel"><table class="k-table tight"><caption>${_("All repositories of the site")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="fit k-hide-s">${_("Kind")}</th><th scope="col" class="fit k-hide-n">${_("Owner")}</th><th scope="col" class="fit end k-hide-n">${_("Last change")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip"><a class="strong" href="${shell.links.repository(row.path)}">${row.path}</a>\
% if row.private:
 ${shell.icon("lock", "muted i12")}<span class="vh">${_("private")}</span>\
% endif
% if row.is_fork:
 ${shell.icon("repo-forked", "muted i12")}<span class="vh">${_("fork")}</span>\
% endif
% if row.has_remote:
 ${shell.icon("repo-pull", "muted i12")}<span class="vh">${_("pulled from another site")}</span>\
% endif
</div></th><td class="fit k-hide-s"><span class="k-kind ${row.kind}">${row.kind}</span></td><td class="fit small soft k-hide-n">\
% if row.owner:
<div class="clip">${row.owner}</div>\
% else:
<span class="muted">${_("nobody")}</span>\
% endif
</td><td class="fit end small muted num k-hide-n">${shell.reader.ago_short(row.updated)}</td><td class="fit"><a class="btn btn-ghost btn-xs" href="${shell.links.repository(row.path, 'settings')}" aria-label="${_('Settings of %(path)s', path=row.path)}">${shell.icon("gear")}</a><a class="btn btn-ghost btn-xs" href="${shell.links.repository(row.path, 'settings/delete')}" aria-label="${_('Delete %(path)s', path=row.path)}">${shell.icon("trash")}</a></td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.is_filtered or page.total:
<div class="k-panel"><div class="k-empty">${shell.icon("repo")}<h2>${_("No such repository")}</h2><p>${_("No repository fits this filter.")}</p><a class="btn btn-default" href="${shell.links.page('_admin/repositories')}">${_("Show all repositories")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("What is created, imported or found in the repository folder appears here.")}</p></div></div>
% endif
</section></div>
