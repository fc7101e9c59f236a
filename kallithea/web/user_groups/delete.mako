<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Delete %(name)s", name=page.name)}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_user_group_side.mako"/>
<div class="stack"><%include file="/ui/_user_group_head.mako" args="group_id=page.user_group_id, name=page.name, current='delete'"/>
<section class="k-panel" aria-label="${_('Delete this group')}"><form class="bd" method="post" action="${shell.links.page(f'_admin/user_groups/delete/{page.user_group_id}')}">${shell.csrf_field}
<p>${_("The group cannot be brought back. Its members stay, but lose what they have through it alone.")}</p>
<ul><li>${_n("%(count)s member", "%(count)s members", page.members)}</li><li>\
% if page.grants is None:
${_("Everything that is granted to it")}\
% else:
${_n("%(count)s grant", "%(count)s grants", page.grants)}\
% endif
</li></ul>
<%include file="/ui/_text_field.mako" args="field=page.field"/>
<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}${_("Delete this group")}</button></form></section></div></div>
