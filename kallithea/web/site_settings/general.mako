<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Settings")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/settings'"/>
<div class="stack"><%include file="_head.mako" args="current='_admin/settings'"/>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('General')}"><form class="bd" method="post" action="${shell.links.page('_admin/settings')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
% for name, words, hint in (("shows_version", _("Show the version to everybody"), _("It stands at the end of each page. Administrators always see it.")), ("shows_fields", _("Show extra fields of repositories"), _("On their first pages. In their settings they are there in any case.")), ("shows_avatars", _("Show pictures beside names"), _("They are drawn here; nothing is asked of other sites."))):
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="s-${name}" name="${name}" value="1"${' checked' if page.switches[name] else ''}><label class="form-check-label" for="s-${name}">${words} <span class="muted small d-block">${hint}</span></label></div>
% endfor
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
<p class="small muted">${_("Who comes in and registers is under Default permissions, and mail is tried under System. All else is in the .ini.")}</p>
</div></div>
