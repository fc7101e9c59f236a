<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Sessions")}</%block>
<section class="k-panel">\
<%include file="/ui/_sessions.mako" args="rows=page.rows, address=shell.links.page('_admin/my_account/sessions/delete')"/></section>
% if len(page.rows) > 1:
<form method="post" action="${shell.links.page('_admin/my_account/sessions/delete')}">${shell.csrf_field}<input type="hidden" name="session" value="others"><button class="btn btn-danger-o" type="submit">${_("End all other sessions")}</button></form>
% endif
<p class="small muted mb-0">${_("A session that is ended must sign in again at its next request. When one was seen is noted once an hour.")}</p>
