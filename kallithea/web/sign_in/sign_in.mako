<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Sign in")}</%block>
<%block name="main_class">text</%block>
<%block name="header"></%block>
<div class="k-auth"><div class="box"><svg class="logo" aria-hidden="true" focusable="false"><use href="${shell.asset('icons/icons.svg')}#k-mark"/></svg><h1>${_("Sign in to %(site)s", site=shell.site_title)}</h1>
% if page.problem:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problem}</p></div>
% endif
% if page.takes_passwords:
<section class="k-panel" aria-label="${_('Sign in')}"><form class="bd" method="post" action="${shell.links.page('_admin/login')}">${shell.csrf_field}<input type="hidden" name="came_from" value="${page.came_from}"><div class="k-field"><label class="form-label" for="u">${_("Login")}</label><input class="form-control" id="u" name="username" autocomplete="username" value="${page.name}" required></div><div class="k-field"><label class="form-label" for="pw">${_("Password")}</label><input class="form-control" id="pw" name="password" type="password" autocomplete="current-password" required></div>
% if page.days:
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="rm" name="remember" value="1"><label class="form-check-label" for="rm">${_n("Stay signed in for %(count)s day", "Stay signed in for %(count)s days", page.days)}</label></div>
% endif
<button class="btn btn-primary w-100" type="submit">${_("Sign in")}</button></form></section>
% else:
<section class="k-panel" aria-label="${_('Sign in')}"><div class="bd"><p class="mb-0">${_("The web server in front of this site signs people in, and has not told who you are. Ask those who run it.")}</p></div></section>
% endif
<p class="small muted text-center mt-3">\
% if page.mails and page.takes_passwords:
<a href="${shell.links.page('_admin/password_reset')}">${_("Forgotten your password?")}</a> · \
% endif
% if page.registers and page.takes_passwords:
<a href="${shell.links.page('_admin/register')}">${_("New account")}</a> · \
% endif
<a href="${shell.links.home()}">${_("Browse the repositories that everybody may read")}</a></p></div></div>
