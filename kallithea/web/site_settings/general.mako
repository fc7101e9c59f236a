<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Settings")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/settings'"/>
<div class="stack"><%include file="_head.mako" args="current='_admin/settings'"/>
<%include file="_outcome.mako" args="problem=page.problem, refused=page.refused, saved=page.saved"/>
<section class="k-panel" aria-label="${_('General')}"><form class="bd" method="post" action="${shell.links.page('_admin/settings')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.was}">
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="sv" name="shows_version" value="1"${' checked' if page.shows_version else ''}><label class="form-check-label" for="sv">${_("Show the version to everybody")} <span class="muted small d-block">${_("It stands at the end of each page. Administrators always see it.")}</span></label></div>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
<p class="small muted">${_("Who comes in and registers is under Default permissions, and mail is tried under System. All else is in the .ini.")}</p>
</div></div>
