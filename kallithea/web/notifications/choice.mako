<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Mails about events")}</%block>
% if not page.sends:
<div class="k-notice warn">${shell.icon("alert")}<p>${_("This site sends no mails at the moment.")}</p></div>
% elif not page.address:
<div class="k-notice warn">${shell.icon("alert")}<p>${_("Your account has no e-mail address.")} <a href="${shell.links.page('_admin/my_account/emails')}">${_("Add one")}</a></p></div>
% endif
<section class="k-panel" aria-label="${_('Mails about events')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/notifications')}">${shell.csrf_field}
<fieldset class="k-field" aria-describedby="m-h"><legend class="form-label">${_("How often mails tell you of events")}</legend>
% for value, words in page.choices:
<div class="form-check"><input class="form-check-input" type="radio" name="schedule" id="m-${value}" value="${value}"${' checked' if value == page.schedule else ''}><label class="form-check-label" for="m-${value}">${words}</label></div>
% endfor
<%include file="/ui/_field_error.mako" args="problem=page.problem, id='m-e'"/>
<div class="form-text" id="m-h">${_("Of which repositories is chosen in the list of those that you follow. Notifications in the browser are always there.")}</div></fieldset>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
