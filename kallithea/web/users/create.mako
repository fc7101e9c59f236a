<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("New user")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("New user")}</h1></div>
% if page.refused:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was changed. What is wrong stands below the fields.")}</p></div>
% endif
<section class="k-panel" aria-label="${_('New user')}"><form class="bd" method="post" action="${shell.links.page('_admin/users/new')}">${shell.csrf_field}
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="a" name="admin" value="1"${' checked' if page.super_administrator else ''}><label class="form-check-label" for="a">${_("Administers this site")} <span class="muted small d-block">${_("May do everything, with every repository.")}</span></label></div>
<button class="btn btn-primary" type="submit">${_("Create user")}</button></form></section></div></div>
