<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("API tokens")}</%block>
% if page.made:
<section class="k-notice ok" aria-label="${_('The token is made')}">${shell.icon("check-circle")}<div class="grow"><p class="mb-2"><b>${_("The token is made.")}</b> ${_("Copy it now: it is not shown again.")}</p><div class="row-f"><input class="form-control mono" id="tok" readonly value="${page.made}" aria-label="${_('Text of the token')}"><button class="btn btn-default" type="button" data-copy-from="#tok" data-copied="${_('Copied')}">${shell.icon("copy")}${_("Copy")}</button></div></div></section>
% endif
% if page.problems:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("No token was made. What is wrong stands below the fields.")}</p></div>
% endif
<section class="k-panel">
% if page.rows:
<%include file="/ui/_tokens.mako" args="rows=page.rows, address=shell.links.page('_admin/my_account/api_keys/delete')"/>
% else:
<div class="k-empty">${shell.icon("key")}<h2>${_("No tokens")}</h2><p>${_("A token stands in the place of your password for git, hg and other programs, and can be revoked alone.")}</p></div>
% endif
</section>
<section class="k-panel" aria-labelledby="nt"><div class="hd"><h2 id="nt">${_("New token")}</h2></div><form class="bd" method="post" action="${shell.links.page('_admin/my_account/api_keys')}">${shell.csrf_field}
<div class="k-cols half gap-3"><%include file="/ui/_text_field.mako" args="field=page.description"/>
<div class="k-field"><label class="form-label" for="t-l">${_("Ends")}</label><select class="form-select" id="t-l" name="lifetime"${' aria-invalid=true aria-describedby=t-l-e' if 'expires' in page.problems else ''}>
% for value, words in page.lifetimes:
<option value="${value}"${' selected' if value == page.form.days else ''}>${words}</option>
% endfor
</select><%include file="/ui/_field_error.mako" args="problem=page.problems.get('expires', ''), id='t-l-e'"/></div></div>
<fieldset class="k-field"><legend class="form-label">${_("May")}</legend>
% for choice in page.scopes:
<div class="form-check"><input class="form-check-input" type="checkbox" id="s-${choice.scope}" name="scope-${choice.scope}" value="1"${' checked' if choice.scope in page.form.scopes else ''}><label class="form-check-label" for="s-${choice.scope}">${choice.label} <span class="muted small">${choice.meaning}</span></label></div>
% endfor
<%include file="/ui/_field_error.mako" args="problem=page.problems.get('scopes', ''), id='t-s-e'"/></fieldset>
<div class="k-field"><label class="form-label" for="t-r">${_("Only these repositories")} <span class="muted fw-normal">${_("(optional)")}</span></label><textarea class="form-control mono ${'k-invalid' if 'repositories' in page.problems else ''}" id="t-r" name="repositories" rows="2" spellcheck="false" aria-describedby="t-r-h${' t-r-e' if 'repositories' in page.problems else ''}"${' aria-invalid=true' if 'repositories' in page.problems else ''}>
${page.form.repositories}</textarea><div class="form-text" id="t-r-h">${_("One path on each line. Empty: all that you may use yourself.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('repositories', ''), id='t-r-e'"/></div>
<button class="btn btn-primary" type="submit">${_("Create token")}</button></form></section>
<p class="small muted mb-0">${_("git and hg take a token as the password, with any user name. It never gives more than you have yourself.")}</p>
