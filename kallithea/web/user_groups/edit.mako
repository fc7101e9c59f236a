<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Settings")} · ${page.name}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_user_group_side.mako"/>
<div class="stack"><%include file="/ui/_user_group_head.mako" args="group_id=page.user_group_id, name=page.name, current='edit'"/>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('Settings')}"><form class="bd" method="post" action="${shell.links.page(f'_admin/user_groups/edit/{page.user_group_id}')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="a" name="active" value="1"${' checked' if page.active else ''}><label class="form-check-label" for="a">${_("Switched on")} <span class="muted small d-block">${_("A group that is switched off gives its members nothing. What is granted to it stays, and counts again later.")}</span></label></div>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section></div></div>
