<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Delete %(repository)s", repository=page.path)}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_repository_side.mako" args="path=page.path, current='settings/delete'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Delete %(repository)s", repository=page.path)}</h1></div>
<section class="k-panel" aria-label="${_('Delete this repository')}"><form class="bd" method="post" action="${shell.links.repository(page.path, 'settings/delete')}">${shell.csrf_field}
<p>${_("Nobody can browse, clone or push to the repository any more. It is in no list, and its addresses lead nowhere. Forks of it stay, but no longer say where they come from.")}</p>
<p>${_n("For %(count)s day an administrator of this site can bring it back, with its address, settings, permissions and followers.", "For %(count)s days an administrator of this site can bring it back, with its address, settings, permissions and followers.", page.days)} ${_("After that its files are deleted for good.")}</p>
<div class="k-field"><label class="form-label" for="p">${_("To confirm, write the path %(path)s", path=element("code", page.path))}</label><input class="form-control ${'k-invalid' if page.problem else ''}" id="p" name="path" value="${page.typed}" required autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=p-e' if page.problem else ''}><%include file="/ui/_field_error.mako" args="problem=page.problem, id='p-e'"/></div>
<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}${_("Delete this repository")}</button></form></section></div></div>
