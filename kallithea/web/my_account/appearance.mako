<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Appearance")}</%block>
<section class="k-panel" aria-label="${_('Appearance')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/appearance')}">${shell.csrf_field}
<p class="soft small">${_("These choices belong to this browser, also when nobody is signed in with it.")}</p>
% for preference, chosen in page.preferences:
<fieldset class="k-field" aria-describedby="${preference.name}-h"><legend class="form-label">${preference.title}</legend>
% for value, label in preference.values:
<div class="form-check"><input class="form-check-input" type="radio" id="${preference.name}-${value}" name="${preference.name}" value="${value}"${' checked' if value == chosen else ''}><label class="form-check-label" for="${preference.name}-${value}">${label}</label></div>
% endfor
<div class="form-text" id="${preference.name}-h">${preference.about}</div></fieldset>
% endfor
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
