<%inherit file="/sign_in/_box.mako"/>
<%block name="title">${_("New account")}</%block>
% if page.problem:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.problem}</p></div>
% elif page.sent:
<div class="k-notice ok" role="status">${shell.icon("mail")}<p>${_("A mail is on its way to %(address)s. The link in it makes the account, within a day.", address=element("b", visible(page.sent)))}</p></div>
% else:
<section class="k-panel" aria-label="${_('New account')}"><form class="bd" method="post" action="${shell.links.page('_admin/register')}">${shell.csrf_field}
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<button class="btn btn-primary w-100" type="submit">${_("Create account")}</button></form></section>
% endif
