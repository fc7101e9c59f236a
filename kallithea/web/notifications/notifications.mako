<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Notifications")}</%block>
<div class="k-head"><h1>${_("Notifications")}</h1><span class="row-f ms-auto">\
% if shell.identity.unread:
<form method="post" action="${shell.links.page('_admin/notifications/read_all')}">${shell.csrf_field}<button class="btn btn-default btn-xs" type="submit">${shell.icon("check")}${_("Mark all as read")}</button></form>\
% endif
<a class="btn btn-default btn-xs" href="${shell.links.page('_admin/my_account/notifications')}">${shell.icon("gear")}${_("Settings")}</a></span></div>
<nav aria-label="${_('Notifications')}"><ul class="k-tabs k-subtabs mb-3"><li><a href="${page.all_address}"${'' if page.only_unread else ' aria-current=page'}>${_("All")}</a></li><li><a href="${page.unread_address}"${' aria-current=page' if page.only_unread else ''}>${_("Unread")}</a></li></ul></nav>
% if page.rows:
<div class="k-panel"><ul class="k-list">
% for row in page.rows:
<li>
% if row.unread or row.reason:
<div class="row-f wrap mb-2">
% if row.unread:
<span class="k-chip info">${shell.icon("bell")}${_("Unread")}</span>
% endif
% if row.reason:
<span class="k-chip">${shell.icon("person")}${row.reason}</span>
% endif
% if row.unread:
<form class="ms-auto" method="post" action="${shell.links.page('_admin/notifications/read')}">${shell.csrf_field}<input type="hidden" name="notification" value="${row.notification_id}"><input type="hidden" name="show" value="${'unread' if page.only_unread else ''}"><button class="btn btn-ghost btn-xs" type="submit">${shell.icon("check")}${_("Mark as read")}</button></form>
% endif
</div>
% endif
<%include file="/ui/_event.mako" args="event=row.event, with_path=True"/></li>
% endfor
</ul></div>
% if page.first_address or page.older_address:
<nav class="k-page small" aria-label="${_('Pages')}"><span></span><span class="k-btns">
% for label, address in ((_("Newest"), page.first_address), (_("Older"), page.older_address)):
% if address:
<a class="btn btn-default btn-xs" href="${address}">${label}</a>
% else:
<span class="btn btn-default btn-xs disabled" aria-disabled="true">${label}</span>
% endif
% endfor
</span></nav>
% endif
% elif page.only_unread:
<div class="k-panel"><div class="k-empty">${shell.icon("bell")}<h2>${_("Nothing is unread")}</h2><p>${_("You have read all that you were told.")}</p><a class="btn btn-default" href="${page.all_address}">${_("All notifications")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("bell")}<h2>${_("No notifications")}</h2><p>${_("You are told of pushes to repositories that you follow, and where somebody mentions you.")}</p><a class="btn btn-default" href="${shell.links.page('_admin/my_account/watched')}">${_("Followed repositories")}</a></div></div>
% endif
