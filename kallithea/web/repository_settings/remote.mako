<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Remote")} · ${page.path}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_repository_side.mako" args="path=page.path, current='settings/remote'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Remote")}</h1>
% if page.stored:
<form method="post" action="${shell.links.repository(page.path, 'settings/remote/pull')}">${shell.csrf_field}<button class="btn btn-default" type="submit">${shell.icon("repo-pull")}${_("Pull now")}</button></form>
% endif
</div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
% if page.stored and page.stored.problem and page.stored.tried:
<div class="k-notice bad">${shell.icon("alert")}<p>${_("The last pull failed, %(age)s: %(problem)s", age=shell.reader.ago(page.stored.tried), problem=page.stored.problem)}</p></div>
% endif
% if page.stored:
<p class="mb-0">\
% if page.stored.pulled:
${_("Pulled %(age)s.", age=shell.reader.ago(page.stored.pulled))}\
% else:
${_("Nothing has been pulled yet.")}\
% endif
</p>
% endif
% if page.stored and page.stored.left:
<section class="k-panel" aria-labelledby="left"><div class="hd"><h2 id="left">${_("Left as they are")}</h2></div><div class="bd"><p>${_("The last pull has not moved these, because that would lose what is here.")}</p><ul class="mb-0">
% for name, words in page.stored.left:
<li><code>${visible(name)}</code>: ${words}</li>
% endfor
</ul></div></section>
% endif
<section class="k-panel" aria-label="${_('Remote')}"><form class="bd" method="post" action="${shell.links.repository(page.path, 'settings/remote')}" autocomplete="off">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<p>${_("Branches, bookmarks and tags that are new there come here, and those that have gone on there move. What has gone another way here stays as it is, and so does what is only here.")}</p>
<div class="k-field"><label class="form-label" for="a">${_("Address")}</label><input class="form-control ${'k-invalid' if 'address' in page.problems else ''}" id="a" name="clone_uri" value="${page.form.address}" required maxlength="1000" inputmode="url" autocapitalize="off" spellcheck="false" aria-describedby="a-h${' a-e' if 'address' in page.problems else ''}"${' aria-invalid=true' if 'address' in page.problems else ''}><div class="form-text" id="a-h">\
% if page.schemes:
${_("As git or hg would clone it, without a password. It begins with one of: %(schemes)s", schemes=" ".join(page.schemes))}\
% else:
${_("This site fetches from no other site. Whoever runs it can allow that.")}\
% endif
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('address', ''), id='a-e'"/></div>
<div class="k-cols half gap-3">
<div class="k-field"><label class="form-label" for="u">${_("User name there")}</label><input class="form-control ${'k-invalid' if 'user' in page.problems else ''}" id="u" name="user" value="${page.form.user}" maxlength="1000" autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=u-e' if 'user' in page.problems else ''}><%include file="/ui/_field_error.mako" args="problem=page.problems.get('user', ''), id='u-e'"/></div>
<div class="k-field"><label class="form-label" for="p">${_("Password or token there")}</label><input class="form-control ${'k-invalid' if 'password' in page.problems else ''}" type="password" id="p" name="password" maxlength="1000" autocomplete="new-password" aria-describedby="p-h${' p-e' if 'password' in page.problems else ''}"${' aria-invalid=true' if 'password' in page.problems else ''}><div class="form-text" id="p-h">\
% if page.stored and page.stored.has_credentials:
${_("A user name and a password are stored. Leave both fields empty to keep them. They go when the address changes.")}\
% if page.stored.entered_by:
 ${_("Entered by %(name)s, and used as long as that account administers this repository.", name=page.stored.entered_by)}\
% endif
% else:
${_("It is stored encrypted, and sent to no other site.")}\
% endif
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('password', ''), id='p-e'"/></div>
</div>
% if page.stored and page.stored.has_credentials:
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="f" name="forget" value="1"${' checked' if page.form.forget else ''}><label class="form-check-label" for="f">${_("Remove the stored user name and password")}</label></div>
% endif
<div class="k-field"><label class="form-label" for="s">${_("Pull by itself")}</label><select class="form-select" id="s" name="schedule">
% for schedule, label in page.schedules:
<option value="${schedule}"${' selected' if schedule == page.form.schedule else ''}>${label}</option>
% endfor
</select></div>
<button class="btn btn-primary" type="submit">${_("Save remote")}</button></form></section>
% if page.stored:
<form method="post" action="${shell.links.repository(page.path, 'settings/remote/remove')}">${shell.csrf_field}<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}${_("Remove remote")}</button></form>
% endif
</div></div>
