<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("User groups")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_user_group_side.mako"/>
<section aria-label="${_('User groups')}"><div class="k-head"><h1>${_("User groups")} <span class="k-count">${number(page.total)}</span></h1>
% if page.may_create:
<a class="btn btn-primary ms-auto" href="${shell.links.page('_admin/user_groups/new')}">${shell.icon("plus")}${_("New user group")}</a>
% endif
</div>
% if page.rows or page.words:
<form class="k-filter mb-3" method="get" action="${shell.links.page('_admin/user_groups')}" role="search">${shell.icon("search")}<input class="form-control" name="f" type="search" value="${page.words}" aria-label="${_('Name or description')}" placeholder="${_('Name or description')}" autocomplete="off" spellcheck="false"></form>
% endif
% if page.rows:
<div class="k-panel"><table class="k-table tight"><caption>${_("User groups")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="fit k-hide-n">${_("Owner")}</th><th scope="col" class="fit k-hide-s">${_("State")}</th><th scope="col" class="fit k-hide-s">${_("Your level")}</th><th scope="col" class="fit end">${_("Members")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip">${shell.icon("organization")} <a class="strong ms-1" href="${shell.links.page(f'_admin/user_groups/members/{row.user_group_id}')}">${visible(row.name)}</a> <span class="muted small fw-normal">${visible(row.description)}</span></div></th><td class="fit small soft k-hide-n">${row.owner}</td><td class="fit k-hide-s">\
% if row.active:
<span class="k-chip ok">${shell.icon("check")}${_("Active")}</span>\
% else:
<span class="k-chip">${shell.icon("skip")}${_("Switched off")}</span>\
% endif
</td><td class="fit small k-hide-s">${row.level.text}</td><td class="fit end num">${number(row.members)}</td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.words or page.total:
<div class="k-panel"><div class="k-empty">${shell.icon("organization")}<h2>${_("No such group")}</h2><p>${_("No group of users fits this filter.")}</p><a class="btn btn-default" href="${shell.links.page('_admin/user_groups')}">${_("Show all groups")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("organization")}<h2>${_("No user groups")}</h2>
<p>${_("What is granted to a group of users, each of its members has.")}</p>
</div></div>
% endif
</section></div>
