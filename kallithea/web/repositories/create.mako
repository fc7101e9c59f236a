<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("New repository")}</%block>
<%block name="main_class">slim</%block>
<div class="k-head"><h1>${_("New repository")}</h1><a class="btn btn-default" href="${shell.links.page('_admin/import_repository')}">${shell.icon("repo-pull")}${_("Import from another site")}</a></div>
<section class="k-panel" aria-label="${_('New repository')}"><form class="bd" method="post" action="${shell.links.page('_admin/repos')}">${shell.csrf_field}
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="repo_name" value="${page.name}" required maxlength="240" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">${_("With the groups in which it shall lie, such as %(example)s. The groups must exist.", example=element("code", "harbour/tidewatch"))}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
<fieldset class="k-field"><legend class="form-label">${_("Kind")}</legend><div class="k-seg">
% for value, label in (("git", "Git"), ("hg", "Mercurial")):
<label><input type="radio" name="repo_type" value="${value}"${' checked' if value == page.kind else ''}>${label}</label>
% endfor
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('kind', ''), id='k-e'"/></fieldset>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><input class="form-control" id="d" name="repo_description" value="${page.description}"><%include file="/ui/_field_error.mako" args="problem=page.problems.get('description', ''), id='d-e'"/></div>
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="p" name="repo_private" value="1"${' checked' if page.private else ''}><label class="form-check-label" for="p">${_("Private: what visitors and everybody with an account may do does not count here")}</label></div>
<button class="btn btn-primary" type="submit">${_("Create repository")}</button></form></section>
