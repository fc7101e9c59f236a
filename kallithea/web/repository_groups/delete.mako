<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Delete %(path)s", path=page.path)}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_group_side.mako" args="path=page.path, current='edit/delete'"/>
<div class="stack"><div class="k-head mb-0"><h1 class="any">${_("Delete %(path)s", path=page.path)}</h1></div>
% if page.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${page.problem}</p></div>
% endif
<section class="k-panel" aria-label="${_('Delete this group')}"><form class="bd" method="post" action="${shell.links.group_page(page.path, 'edit/delete')}">${shell.csrf_field}
<p>${_("Only an empty group can be deleted. What was granted on it is lost.")}</p>
<button class="btn btn-danger-o" type="submit">${_("Delete this group")}</button></form></section></div></div>
