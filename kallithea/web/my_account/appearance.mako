<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Appearance")}</%block>
<section class="k-panel" aria-label="${_('Appearance')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/appearance')}">${shell.csrf_field}
<p class="soft small">${_("These choices belong to this browser, also when nobody is signed in with it.")}</p>
% for look, chosen in page.looks:
<fieldset class="k-field" aria-describedby="${look.name}-h"><legend class="form-label">${look.title}</legend>
% for value, label in look.values:
<div class="form-check"><input class="form-check-input" type="radio" id="${look.name}-${value}" name="${look.name}" value="${value}"${' checked' if value == chosen else ''}><label class="form-check-label" for="${look.name}-${value}">${label}</label></div>
% endfor
<div class="form-text" id="${look.name}-h">${look.about}</div></fieldset>
% endfor
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
