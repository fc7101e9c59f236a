<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Confirm your address")}</%block>
% if page.problem:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.problem}</p></div>
% else:
<section class="k-panel" aria-label="${_('Confirm your address')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/emails/confirm')}">${shell.csrf_field}<input type="hidden" name="token" value="${page.token}">
<p>${_("%(address)s is to belong to your account.", address=element("b", visible(page.email)))}</p>
<button class="btn btn-primary" type="submit">${_("Confirm")}</button></form></section>
% endif
