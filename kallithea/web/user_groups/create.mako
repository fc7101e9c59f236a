<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("New user group")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_user_group_side.mako"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("New user group")}</h1></div>
% if page.refused:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was changed. What is wrong stands below the fields.")}</p></div>
% endif
<section class="k-panel" aria-label="${_('New user group')}"><form class="bd" method="post" action="${shell.links.page('_admin/user_groups/new')}">${shell.csrf_field}
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<button class="btn btn-primary" type="submit">${_("Create user group")}</button></form></section></div></div>
