<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Fork %(repository)s", repository=page.path)}</%block>
<%block name="main_class">slim</%block>
<h1 class="mb-3">${_("Fork %(repository)s", repository=page.path)}</h1>
% if not page.allowed:
<div class="k-panel"><div class="k-empty">${shell.icon("lock")}<h2>${_("You may not fork")}</h2><p>${_("Forking is not allowed to you on this site. Its administrators can allow it.")}</p></div></div>
% elif not page.groups:
<div class="k-panel"><div class="k-empty">${shell.icon("lock")}<h2>${_("There is no place for a fork")}</h2><p>${_("You need the right to make repositories in a group or at the top of the site. An administrator can grant it.")}</p></div></div>
% else:
<section class="k-panel" aria-label="${_('Fork %(repository)s', repository=page.path)}"><form class="bd" method="post" action="${shell.links.repository(page.path, 'fork')}">${shell.csrf_field}
<p>${_("The fork is a repository of your own with the branches and tags of this one. What changes later in one does not show in the other.")}</p>
<div class="k-cols half gap-3">
<div class="k-field"><label class="form-label" for="g">${_("Group")}</label><select class="form-select ${'k-invalid' if 'group' in page.problems else ''}" id="g" name="repo_group"${' aria-invalid=true aria-describedby=g-e' if 'group' in page.problems else ''}>
% for group in page.groups:
<option value="${group}"${' selected' if group == page.group else ''}>${group or _("None: the top of the site")}</option>
% endfor
</select><%include file="/ui/_field_error.mako" args="problem=page.problems.get('group', ''), id='g-e'"/></div>
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="repo_name" value="${page.name}" required maxlength="100" autocomplete="off" spellcheck="false"${' aria-invalid=true aria-describedby=n-e' if 'name' in page.problems else ''}><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
</div>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><textarea class="form-control ${'k-invalid' if 'description' in page.problems else ''}" id="d" name="description" rows="3"${' aria-invalid=true aria-describedby=d-e' if 'description' in page.problems else ''}>
${page.description}</textarea><%include file="/ui/_field_error.mako" args="problem=page.problems.get('description', ''), id='d-e'"/></div>
<fieldset class="k-field"><legend class="form-label">${_("Visibility")}</legend>
<div class="form-check"><input class="form-check-input" type="radio" id="v0" name="private" value="0"${'' if page.private else ' checked'}><label class="form-check-label" for="v0">${_("As granted")} <span class="muted small d-block">${_("What visitors and all accounts are granted on the group and the site counts.")}</span></label></div>
<div class="form-check"><input class="form-check-input" type="radio" id="v1" name="private" value="1"${' checked' if page.private else ''}><label class="form-check-label" for="v1">${_("Private")} <span class="muted small d-block">${_("Only you, administrators, and the people and user groups that are named may read it.")}</span></label></div>
</fieldset>
## Translators: the button that makes a fork
<button class="btn btn-primary" type="submit">${shell.icon("repo-forked")}${_("Fork")}</button></form></section>
% endif
