<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Password")}</%block>
% if not page.has_password:
<section class="k-panel"><div class="k-empty">${shell.icon("shield-lock")}<h2>${_("No password here")}</h2><p>${_("Another system says who you are, so there is no password to change here.")} ${_("For git and hg, make a token.")}</p></div></section>
% else:
% if "" in page.problems:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${page.problems[""]}</p></div>
% endif
<section class="k-panel" aria-label="${_('Password')}"><form class="bd" method="post" action="${shell.links.page('_admin/my_account/password')}">${shell.csrf_field}
<input class="vh" name="username" value="${shell.identity.name}" autocomplete="username" tabindex="-1" aria-hidden="true" readonly>
% for field in page.fields:
<div class="k-field"><label class="form-label" for="${field.name}">${field.label}</label><input class="form-control ${'k-invalid' if field.name in page.problems else ''}" type="password" id="${field.name}" name="${field.name}" required autocomplete="${field.kind}"${' aria-invalid=true aria-describedby=%s-e' % field.name if field.name in page.problems else ''}><%include file="/ui/_field_error.mako" args="problem=page.problems.get(field.name, ''), id=field.name + '-e'"/></div>
% endfor
<p class="small muted">${_("Other browsers in which you are signed in have to sign in again. Tokens stay as they are.")}</p>
<button class="btn btn-primary" type="submit">${_("Change password")}</button></form></section>
% endif
