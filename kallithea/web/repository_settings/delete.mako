<%inherit file="/ui/layout.mako"/>
<%block name="title">Delete · ${page.path}</%block>
<div class="k-cols nav-l">
<%include file="/repository_settings/_side.mako" args="path=page.path, current='settings/delete'"/>
<div class="stack"><div class="k-head mb-0"><h1>Delete ${page.path}</h1></div>
<section class="k-panel" aria-label="Delete this repository"><form class="bd" method="post" action="${shell.links.repository(page.path, 'settings/delete')}">${shell.csrf_field}
<p>Nobody can browse, clone or push to the repository any more. What was granted on it, its settings and its place in lists are lost at once, and its addresses lead nowhere. Forks of it stay, but no longer say where they come from.</p>
<p>Its files are kept for ${page.days} days. Until then whoever runs this site can bring them back: move the folder out of <code>.trash</code> in the repository folder back to <code>${page.folder}</code>, or to another path below the repository folder, and run <code>kallithea repo-scan</code>. What was granted and set has to be granted and set again.</p>
<div class="k-field"><label class="form-label" for="p">To confirm, write the path <code>${page.path}</code></label><input class="form-control ${'k-invalid' if page.problem else ''}" id="p" name="path" value="${page.typed}" required autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=p-e' if page.problem else ''}><%include file="/ui/_field_error.mako" args="problem=page.problem, id='p-e'"/></div>
<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}Delete this repository</button></form></section></div></div>
