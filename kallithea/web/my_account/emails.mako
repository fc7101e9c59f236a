<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("E-mail addresses")}</%block>
<section class="k-panel">
% if page.first or page.further or page.waiting:
<table class="k-table"><caption>${_("Addresses of your account")}</caption><thead><tr><th scope="col">${_("Address")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% if page.first:
<tr><th scope="row" class="any">${visible(page.first)} <span class="k-chip ok">${_("Mails go here")}</span></th><td class="fit"></td></tr>
% endif
% for row in page.further:
<tr><th scope="row" class="any fw-normal">${visible(row.email)}</th><td class="fit"><form class="d-inline" method="post" action="${shell.links.page('_admin/my_account/emails/first')}">${shell.csrf_field}<input type="hidden" name="address" value="${str(row.email_address_id)}"><button class="btn btn-default btn-xs" type="submit" aria-label="${_('Send mails to %(address)s', address=visible(row.email))}">${_("Use for mails")}</button></form> <form class="d-inline" method="post" action="${shell.links.page('_admin/my_account/emails/delete')}">${shell.csrf_field}<input type="hidden" name="address" value="${str(row.email_address_id)}"><button class="btn btn-danger-o btn-xs" type="submit" aria-label="${_('Remove %(address)s', address=visible(row.email))}">${_("Remove")}</button></form></td></tr>
% endfor
% for link in page.waiting:
<tr><th scope="row" class="any fw-normal">${visible(link.email)} <span class="k-chip warn">${_("Not confirmed")}</span></th><td class="fit small soft">${shell.reader.ago(link.created)}</td></tr>
% endfor
</tbody></table>
% else:
<div class="k-empty">${shell.icon("mail")}<h2>${_("No addresses")}</h2><p>${_("Without an address there are no mails, and no way to another password.")}</p></div>
% endif
</section>
% if page.possible:
<section class="k-panel" aria-label="${_('Another address')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/emails')}">${shell.csrf_field}
<%include file="/ui/_text_field.mako" args="field=page.field"/>
<button class="btn btn-primary" type="submit">${_("Send me a link")}</button></form></section>
% else:
<div class="k-notice" role="status">${shell.icon("info")}<p>${_("This site sends no mails, so that an address cannot be confirmed. Its administrators can enter one for you.")}</p></div>
% endif
