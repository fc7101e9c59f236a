<%inherit file="/sign_in/_box.mako"/>
<%block name="title">${_("New account")}</%block>
% if page.problem:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.problem}</p></div>
% elif page.made and page.active:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("The account %(name)s is made. You can sign in.", name=element("b", page.name))}</p></div>
% elif page.made:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("The account %(name)s is made. An administrator has to enable it before you can sign in.", name=element("b", page.name))}</p></div>
% else:
<section class="k-panel" aria-label="${_('New account')}"><form class="bd" method="post" action="${shell.links.page('_admin/register_confirmation')}">${shell.csrf_field}<input type="hidden" name="token" value="${page.token}">
<p>${_("You read %(address)s: your account can be made.", address=element("b", visible(page.name)))}</p>
<button class="btn btn-primary w-100" type="submit">${_("Create account")}</button></form></section>
% endif
