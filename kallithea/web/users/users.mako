<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Users")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<section aria-label="${_('Users')}"><div class="k-head"><h1>${_("Users")} <span class="k-count">${number(page.total)}</span></h1><a class="btn btn-primary ms-auto" href="${shell.links.page('_admin/users/new')}">${shell.icon("plus")}${_("New user")}</a></div>
<div class="d-flex flex-wrap gap-2 mb-3"><form class="k-filter" method="get" action="${shell.links.page('_admin/users')}" role="search">${shell.icon("search")}<input class="form-control" name="f" type="search" value="${page.words}" aria-label="${_('Name or e-mail address')}" placeholder="${_('Name or e-mail address')}" autocomplete="off" spellcheck="false">
% if page.state != "all":
<input type="hidden" name="state" value="${page.state}">
% endif
</form><nav class="k-seg" aria-label="${_('Which users')}">
% for choice in page.states:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>
% endfor
</nav></div>
% if page.rows:
<div class="k-panel"><table class="k-table tight"><caption>${_("Users")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="k-hide-n">${_("E-mail")}</th><th scope="col" class="k-hide-n">${_("Groups")}</th><th scope="col" class="fit">${_("State")}</th><th scope="col" class="fit end k-hide-s">${_("Last seen")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip">${shell.avatar(row.email or row.name, 24)} <a class="strong ms-1" href="${shell.links.page(f'_admin/users/edit/{row.user_id}')}">${visible(row.full_name)}</a>\
% if row.full_name != row.name:
 <span class="muted small k-hide-s">${row.name}</span>\
% endif
</div></th><td class="k-hide-n small soft">${visible(row.email)}</td><td class="k-hide-n small soft">${visible(", ".join(row.groups))}</td><td class="fit">\
% if not row.active:
<span class="k-chip">${shell.icon("skip")}${_("Disabled")}</span>\
% elif row.super_administrator:
<span class="k-chip info">${shell.icon("shield")}${_("Administrator")}</span>\
% else:
<span class="k-chip ok">${shell.icon("check")}${_("Active")}</span>\
% endif
</td><td class="fit end small muted num k-hide-s">\
% if row.seen:
${shell.reader.ago_short(row.seen)}\
% endif
</td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("people")}<h2>${_("Nobody is called so")}</h2><p>${_("No account fits this filter.")}</p><a class="btn btn-default" href="${shell.links.page('_admin/users')}">${_("Show everybody")}</a></div></div>
% endif
</section></div>
