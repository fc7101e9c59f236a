<%inherit file="/sign_in/_box.mako"/>
<%block name="title">${_("Forgotten password")}</%block>
% if page.problem:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.problem}</p></div>
% elif page.sent:
<div class="k-notice ok" role="status">${shell.icon("mail")}<p>${_("If the address belongs to an account, a mail with a link is on its way. The link counts for an hour.")}</p></div>
% else:
<section class="k-panel" aria-label="${_('Forgotten password')}"><form class="bd" method="post" action="${shell.links.page('_admin/password_reset')}">${shell.csrf_field}
<%include file="/ui/_text_field.mako" args="field=page.email"/>
<button class="btn btn-primary w-100" type="submit">${_("Send me a link")}</button></form></section>
% endif
