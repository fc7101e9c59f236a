<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Language and time zone")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Settings'), pages=shell.account_pages, current='_admin/my_account/language'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Language and time zone")}</h1></div>
% if page.saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("Your choice is saved.")}</p></div>
% endif
<section class="k-panel" aria-label="${_('Language and time zone')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/language')}">${shell.csrf_field}
<div class="k-field"><label class="form-label" for="l">${_("Language")}</label><select class="form-select" id="l" name="language" aria-describedby="l-h${' l-e' if 'language' in page.problems else ''}"${' aria-invalid=true' if 'language' in page.problems else ''}>
<option value="">${_("What the browser asks for")}</option>
% for language in page.languages:
<option value="${language.tag}" lang="${language.tag}"${' selected' if language.tag == page.language else ''}>${language.name}</option>
% endfor
</select><div class="form-text" id="l-h">${_("Of pages. Contents of repositories, and what git and hg print, stay as they are.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('language', ''), id='l-e'"/></div>
<div class="k-field"><label class="form-label" for="z">${_("Time zone")}</label><select class="form-select" id="z" name="time_zone" aria-describedby="z-h${' z-e' if 'time_zone' in page.problems else ''}"${' aria-invalid=true' if 'time_zone' in page.problems else ''}>
<option value="">${_("The one of the browser")}</option>
% for region, zones in page.zones.items():
<optgroup label="${region}">
% for zone in zones:
<option${' selected' if zone == page.time_zone else ''}>${zone}</option>
% endfor
</optgroup>
% endfor
</select><div class="form-text" id="z-h">${_("Here it is %(now)s now.", now=page.now)}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('time_zone', ''), id='z-e'"/></div>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section></div></div>
