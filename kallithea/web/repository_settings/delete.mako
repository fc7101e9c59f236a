<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Delete %(repository)s", repository=page.path)}</%block>
<div class="k-cols nav-l">
<%include file="/repository_settings/_side.mako" args="path=page.path, current='settings/delete'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Delete %(repository)s", repository=page.path)}</h1></div>
<section class="k-panel" aria-label="${_('Delete this repository')}"><form class="bd" method="post" action="${shell.links.repository(page.path, 'settings/delete')}">${shell.csrf_field}
<p>${_("Nobody can browse, clone or push to the repository any more. What was granted on it, its settings and its place in lists are lost at once, and its addresses lead nowhere. Forks of it stay, but no longer say where they come from.")}</p>
<p>${_n("Its files are kept for %(count)s day.", "Its files are kept for %(count)s days.", page.days)} ${_("Until then whoever runs this site can bring them back: move the folder out of %(trash)s in the repository folder back to %(folder)s, or to another path below the repository folder, and run %(command)s. What was granted and set has to be granted and set again.", trash=element("code", ".trash"), folder=element("code", page.folder), command=element("code", "kallithea repo-scan"))}</p>
<div class="k-field"><label class="form-label" for="p">${_("To confirm, write the path %(path)s", path=element("code", page.path))}</label><input class="form-control ${'k-invalid' if page.problem else ''}" id="p" name="path" value="${page.typed}" required autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=p-e' if page.problem else ''}><%include file="/ui/_field_error.mako" args="problem=page.problem, id='p-e'"/></div>
<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}${_("Delete this repository")}</button></form></section></div></div>
