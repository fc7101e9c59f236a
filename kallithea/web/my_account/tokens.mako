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
<table class="k-table"><caption>${_("Your API tokens")}</caption><thead><tr><th scope="col">${_("Token")}</th><th scope="col" class="k-hide-n">${_("May")}</th><th scope="col" class="fit">${_("Ends")}</th><th scope="col" class="fit k-hide-s">${_("Last used")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="any"><b class="fw-semibold">${visible(row.description) or _("No name")}</b><div class="mono xs muted">${row.prefix}…</div></th><td class="small soft any k-hide-n">
% for scope in row.scopes:
<span class="k-chip">${scope}</span>
% endfor
% if row.bound:
<div class="mono xs">
% for path in row.paths:
<a href="${shell.links.repository(path)}">${path}</a>
% endfor
% if row.lost:
${_n("%(count)s repository that you cannot see", "%(count)s repositories that you cannot see", row.lost)}
% endif
</div>
% endif
</td><td class="fit small num">
% if row.expired:
<span class="k-chip warn">${_("Ended")}</span>
% elif row.expires:
${shell.reader.moment(row.expires)[:10]}
% else:
${_("Never")}
% endif
</td><td class="fit small soft num k-hide-s">
% if row.used:
${shell.reader.ago(row.used)}
% else:
${_("Never")}
% endif
</td><td class="fit"><form method="post" action="${shell.links.page('_admin/my_account/api_keys/delete')}">${shell.csrf_field}<input type="hidden" name="token" value="${str(row.number)}"><button class="btn btn-danger-o btn-xs" type="submit" aria-label="${_('Revoke %(token)s', token=visible(row.description) or row.prefix)}">${_("Revoke")}</button></form></td></tr>
% endfor
</tbody></table>
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
