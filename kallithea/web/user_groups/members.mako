<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Members")} · ${page.name}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_user_group_side.mako"/>
<div class="stack"><%include file="/ui/_user_group_head.mako" args="group_id=page.user_group_id, name=page.name, level=page.level, current='members'"/>
% if not page.active:
<div class="k-notice warn">${shell.icon("alert")}<p>${_("The group is switched off: it gives its members nothing.")}</p></div>
% endif
% if page.may_change:
<section class="k-panel" aria-labelledby="a-t"><div class="hd"><h2 id="a-t">${_("Add a member")}</h2></div><form class="bd" method="post" action="${shell.links.page(f'_admin/user_groups/members/{page.user_group_id}')}">${shell.csrf_field}
<%include file="/ui/_text_field.mako" args="field=page.field"/>
<button class="btn btn-primary" type="submit">${_("Add")}</button></form></section>
% endif
% if page.members:
<div class="k-panel"><table class="k-table tight"><caption>${_("Members")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="k-hide-n">${_("User name")}</th><th scope="col" class="fit k-hide-s">${_("State")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for member in page.members:
<tr><th scope="row" class="max"><div class="clip">${shell.avatar(member.email or member.name, 24)} <span class="ms-1">${visible(member.full_name)}</span></div></th><td class="small soft k-hide-n">${member.name}</td><td class="fit k-hide-s">\
% if member.active:
<span class="k-chip ok">${shell.icon("check")}${_("Active")}</span>\
% else:
<span class="k-chip">${shell.icon("skip")}${_("Disabled")}</span>\
% endif
</td><td class="fit">\
% if page.may_change:
<form method="post" action="${shell.links.page(f'_admin/user_groups/remove/{page.user_group_id}')}">${shell.csrf_field}<input type="hidden" name="member" value="${member.name}"><button class="btn btn-ghost btn-xs" type="submit" aria-label="${_('Remove %(name)s', name=member.name)}">${shell.icon("x")}</button></form>\
% endif
</td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("people")}<h2>${_("No members")}</h2><p>${_("What is granted to the group, each of its members has.")}</p></div></div>
% endif
</div></div>
