<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Settings")} · ${page.path}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_group_side.mako" args="path=page.path, current='edit'"/>
<div class="stack"><div class="k-head mb-0"><h1 class="any">${_("Settings of %(path)s", path=page.path)}</h1><a class="btn btn-default ms-auto" href="${shell.links.repository(page.path)}">${shell.icon("file-directory")}${_("Open the group")}</a></div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('General settings')}"><form class="bd" method="post" action="${shell.links.group_page(page.path, 'edit')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<div class="k-cols half gap-3">
<div class="k-field"><label class="form-label" for="p">${_("Group around it")}</label><select class="form-select ${'k-invalid' if 'parent' in page.problems else ''}" id="p" name="parent_group" aria-describedby="p-h${' p-e' if 'parent' in page.problems else ''}"${' aria-invalid=true' if 'parent' in page.problems else ''}>
% for group in page.groups:
<option value="${group}"${' selected' if group == page.form.parent else ''}>${group or _("None: the top of the site")}</option>
% endfor
</select><div class="form-text" id="p-h">${_("What is granted on the groups around it counts for everything in it. The menu has the groups that you administer.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('parent', ''), id='p-e'"/></div>
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="group_name" value="${page.form.name}" required maxlength="100" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">${_("After a change, everything in the group has a new address, and clones need it.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
</div>
<div class="k-field"><label class="form-label" for="o">${_("Owner")}</label><input class="form-control ${'k-invalid' if 'owner' in page.problems else ''}" id="o" name="owner" value="${page.form.owner}" maxlength="99" autocomplete="off" spellcheck="false" aria-describedby="o-h${' o-e' if 'owner' in page.problems else ''}"${' aria-invalid=true' if 'owner' in page.problems else ''}><div class="form-text" id="o-h">${_("The name of an account, which may then do everything in this group, or nothing.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('owner', ''), id='o-e'"/></div>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><input class="form-control ${'k-invalid' if 'description' in page.problems else ''}" id="d" name="group_description" value="${page.form.description}"${' aria-invalid=true aria-describedby=d-e' if 'description' in page.problems else ''}><%include file="/ui/_field_error.mako" args="problem=page.problems.get('description', ''), id='d-e'"/></div>
<button class="btn btn-primary" type="submit">${_("Save settings")}</button></form></section></div></div>
