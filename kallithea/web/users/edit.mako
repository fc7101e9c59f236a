<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.name} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("User %(name)s", name=page.name)}</h1><a class="btn btn-default ms-auto" href="${shell.links.page(f'_admin/users/belongings/{page.user_id}')}">${shell.icon("devices")}${_("Belongings")}</a><a class="btn btn-default" href="${shell.links.page(f'_admin/users/allowances/{page.user_id}')}">${shell.icon("shield")}${_("Allowed on the site")}</a><a class="btn btn-default" href="${shell.links.page(f'_admin/users/ips/{page.user_id}')}">${shell.icon("globe")}${_("Allowed networks")}</a><a class="btn btn-default" href="${shell.links.page('_admin', target=f'user:{page.name}')}">${shell.icon("checklist")}${_("Audit log")}</a></div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('Account')}"><form class="bd" method="post" action="${shell.links.page(f'_admin/users/edit/{page.user_id}')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="s" name="active" value="1"${' checked' if page.active else ''}><label class="form-check-label" for="s">${_("May sign in")} <span class="muted small d-block">${_("Without it, sessions end at once, and passwords and tokens are refused. What is granted stays, and counts again later.")}</span></label></div>
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="a" name="admin" value="1"${' checked' if page.super_administrator else ''}><label class="form-check-label" for="a">${_("Administers this site")} <span class="muted small d-block">${_("May do everything, with every repository.")}</span></label></div>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
<section class="k-panel" aria-labelledby="p-t"><div class="hd"><h2 id="p-t">${_("Password")}</h2></div><form class="bd" method="post" action="${shell.links.page(f'_admin/users/password/{page.user_id}')}">${shell.csrf_field}
<%include file="/ui/_text_field.mako" args="field=page.password"/>
<button class="btn btn-default" type="submit">${_("Set password")}</button></form></section>
% if not page.is_self:
<section class="k-panel" aria-labelledby="d-t"><div class="hd"><h2 id="d-t">${_("Delete")}</h2></div><div class="bd"><p>${_("You see first what belongs to the account and what becomes of it.")}</p><a class="btn btn-danger-o" href="${shell.links.page(f'_admin/users/delete/{page.user_id}')}">${shell.icon("trash")}${_("Delete this user")}</a></div></section>
% endif
</div></div>
