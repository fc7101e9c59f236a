<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Settings")} · ${page.path}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_repository_side.mako" args="path=page.path, current='settings'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("General settings")}</h1></div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('General settings')}"><form class="bd" method="post" action="${shell.links.repository(page.path, 'settings')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<div class="k-cols half gap-3">
<div class="k-field"><label class="form-label" for="g">${_("Group")}</label><select class="form-select ${'k-invalid' if 'group' in page.problems else ''}" id="g" name="repo_group"${' aria-invalid=true' if 'group' in page.problems else ''} aria-describedby="g-h${' g-e' if 'group' in page.problems else ''}">
% for group in page.groups:
<option value="${group}"${' selected' if group == page.form.group else ''}>${group or _("None: the top of the site")}</option>
% endfor
</select><div class="form-text" id="g-h">${_("The groups in which you may make repositories.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('group', ''), id='g-e'"/></div>
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="repo_name" value="${page.form.name}" required maxlength="100" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">${_("After a change, clones need the new address.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
</div>
<p class="small muted">${_("The folder on the disk stays where it is. The address %(address)s keeps working, whatever the name and the group; others with the old path do not.", address=element("a", page.permanent_address, href=page.permanent_address))}</p>
<div class="k-field"><label class="form-label" for="o">${_("Owner")}</label><input class="form-control ${'k-invalid' if 'owner' in page.problems else ''}" id="o" name="owner" value="${page.form.owner}" maxlength="99" autocomplete="off" spellcheck="false" aria-describedby="o-h${' o-e' if 'owner' in page.problems else ''}"${' aria-invalid=true' if 'owner' in page.problems else ''}><div class="form-text" id="o-h">${_("The name of an account, which may then do everything here. If you are the owner now, you keep only what is granted to you.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('owner', ''), id='o-e'"/></div>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><textarea class="form-control ${'k-invalid' if 'description' in page.problems else ''}" id="d" name="repo_description" rows="3"${' aria-invalid=true aria-describedby=d-e' if 'description' in page.problems else ''}>
${page.form.description}</textarea><%include file="/ui/_field_error.mako" args="problem=page.problems.get('description', ''), id='d-e'"/></div>
<div class="k-field"><label class="form-label" for="l">${_("Landing revision")}</label><input class="form-control ${'k-invalid' if 'landing' in page.problems else ''}" id="l" name="repo_landing_rev" value="${page.form.landing}" list="l-l" autocomplete="off" spellcheck="false" aria-describedby="l-h${' l-e' if 'landing' in page.problems or page.landing.problem else ''}"${' aria-invalid=true' if 'landing' in page.problems else ''}><datalist id="l-l">
% for name in page.landing.names:
<option value="${name}"></option>
% endfor
</datalist><div class="form-text" id="l-h">${_("The branch, bookmark or tag that summary, files and changelog begin with. Empty: the default of the repository itself. Clones are not affected.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('landing', '') or page.landing.problem, id='l-e'"/></div>
<fieldset class="k-field"><legend class="form-label">${_("Visibility")}</legend>
<div class="form-check"><input class="form-check-input" type="radio" id="v0" name="repo_private" value="0"${'' if page.form.private else ' checked'}><label class="form-check-label" for="v0">${_("As granted")} <span class="muted small d-block">${_("What visitors and all accounts are granted counts, on this repository, its groups and the site.")} ${page.open_words}</span></label></div>
<div class="form-check"><input class="form-check-input" type="radio" id="v1" name="repo_private" value="1"${' checked' if page.form.private else ''}><label class="form-check-label" for="v1">${_("Private")} <span class="muted small d-block">${_("What visitors and all accounts are granted does not count here. Only the owner, administrators, and the people and user groups that are named may read it.")}</span></label></div>
</fieldset>
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="a" name="repo_enable_downloads" value="1"${' checked' if page.form.downloads else ''}><label class="form-check-label" for="a">${_("Downloads")} <span class="muted small d-block">${_("Whoever may read the repository may download archives of its commits.")}</span></label></div>
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="s" name="repo_enable_statistics" value="1"${' checked' if page.form.statistics else ''}><label class="form-check-label" for="s">${_("Statistics")} <span class="muted small d-block">${_("The summary shows who made the commits, when in the last year, and in which languages.")}</span></label></div>
% if page.form.publishing is not None:
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="p" name="repo_publishing" value="1"${' checked' if page.form.publishing else ''}><label class="form-check-label" for="p">${_("Publishing")} <span class="muted small d-block">${_("Changesets become public once they are pushed here, so that nobody rewrites them any more. Otherwise drafts stay drafts for whoever pulls them. Secret changesets are not shown and not sent either way.")}</span></label></div>
% endif
<button class="btn btn-primary" type="submit">${_("Save settings")}</button></form></section></div></div>
