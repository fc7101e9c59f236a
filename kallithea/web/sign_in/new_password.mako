<%inherit file="/sign_in/_box.mako"/>
<%block name="title">${_("New password")}</%block>
% if page.problem:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.problem}</p></div>
% else:
<section class="k-panel" aria-label="${_('New password')}"><form class="bd" method="post" action="${shell.links.page('_admin/password_reset_confirmation')}">${shell.csrf_field}<input type="hidden" name="token" value="${page.token}">
<div class="k-field"><label class="form-label" for="u">${_("Login")}</label><input class="form-control" id="u" name="username" value="${page.name}" autocomplete="username" readonly></div>
<%include file="/ui/_text_field.mako" args="field=page.password"/>
<p class="small muted">${_("You are then signed out everywhere, and sign in with the new password.")}</p>
<button class="btn btn-primary w-100" type="submit">${_("Change password")}</button></form></section>
% endif
