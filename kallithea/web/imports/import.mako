<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Import repository")}</%block>
<%block name="main_class">slim</%block>
<h1 class="mb-3">${_("Import repository")}</h1>
% if not page.schemes:
<div class="k-panel"><div class="k-empty">${shell.icon("lock")}<h2>${_("Nothing is imported here")}</h2><p>${_("This site fetches from no other site. Whoever runs it can allow that.")}</p><a class="btn btn-default" href="${shell.links.page('_admin/create_repository')}">${_("New repository")}</a></div></div>
% else:
<section class="k-panel" aria-label="${_('Import repository')}"><form class="bd" method="post" action="${shell.links.page('_admin/import_repository')}" autocomplete="off">${shell.csrf_field}
<p>${_("The new repository has all branches, bookmarks and tags of one on another site. It takes a while, and goes on when you leave.")}</p>
<div class="k-field"><label class="form-label" for="a">${_("Address")}</label><input class="form-control ${'k-invalid' if 'address' in page.problems else ''}" id="a" name="clone_uri" value="${page.address}" required maxlength="1000" inputmode="url" autocapitalize="off" spellcheck="false" aria-describedby="a-h${' a-e' if 'address' in page.problems else ''}"${' aria-invalid=true' if 'address' in page.problems else ''}><div class="form-text" id="a-h">${_("As git or hg would clone it, without a password. It begins with one of: %(schemes)s", schemes=" ".join(page.schemes))}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('address', ''), id='a-e'"/></div>
<fieldset class="k-field"><legend class="form-label">${_("Kind")}</legend><div class="k-seg">
% for value, label in (("git", "Git"), ("hg", "Mercurial")):
<label><input type="radio" name="repo_type" value="${value}"${' checked' if value == page.kind else ''}>${label}</label>
% endfor
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('kind', ''), id='k-e'"/></fieldset>
<div class="k-cols half gap-3">
<div class="k-field"><label class="form-label" for="u">${_("User name there")}</label><input class="form-control ${'k-invalid' if 'user' in page.problems else ''}" id="u" name="user" value="${page.user}" maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="u-h${' u-e' if 'user' in page.problems else ''}"${' aria-invalid=true' if 'user' in page.problems else ''}><div class="form-text" id="u-h">${_("Only where the other site asks for one.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('user', ''), id='u-e'"/></div>
<div class="k-field"><label class="form-label" for="p">${_("Password or token there")}</label><input class="form-control ${'k-invalid' if 'password' in page.problems else ''}" type="password" id="p" name="password" maxlength="1000" autocomplete="new-password" aria-describedby="p-h${' p-e' if 'password' in page.problems else ''}"${' aria-invalid=true' if 'password' in page.problems else ''}><div class="form-text" id="p-h">\
% if page.had_password:
${_("Enter it again: it is never shown.")}\
% else:
${_("It is stored encrypted, and sent to no other site.")}\
% endif
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('password', ''), id='p-e'"/></div>
</div>
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="repo_name" value="${page.name}" required maxlength="240" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">${_("With the groups in which it shall lie, such as %(example)s. The groups must exist.", example=element("code", "harbour/tidewatch"))}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><textarea class="form-control ${'k-invalid' if 'description' in page.problems else ''}" id="d" name="repo_description" rows="2"${' aria-invalid=true aria-describedby=d-e' if 'description' in page.problems else ''}>
${page.description}</textarea><%include file="/ui/_field_error.mako" args="problem=page.problems.get('description', ''), id='d-e'"/></div>
<div class="k-field"><label class="form-label" for="s">${_("Pull again")}</label><select class="form-select" id="s" name="schedule" aria-describedby="s-h">
% for schedule, label in page.schedules:
<option value="${schedule}"${' selected' if schedule == page.schedule else ''}>${label}</option>
% endfor
</select><div class="form-text" id="s-h">${_("What is new there then comes by itself. It can be changed later.")}</div></div>
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="v" name="repo_private" value="1"${' checked' if page.private else ''}><label class="form-check-label" for="v">${_("Private: what visitors and everybody with an account may do does not count here")}</label></div>
<button class="btn btn-primary" type="submit">${shell.icon("repo-pull")}${_("Import repository")}</button></form></section>
% endif
