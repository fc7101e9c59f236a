<%inherit file="/ui/layout.mako"/>
<%! from kallithea.core.access import Level %>
<%def name="heading()">\
% if page.spot.kind == "site":
${_("Default permissions")}\
% elif page.spot.kind == "user-group":
${_("Permissions of the user group %(name)s", name=page.target)}\
% elif page.spot.kind == "user-groups":
${_("Default permissions of user groups")}\
% else:
${_("Permissions of %(path)s", path=page.target)}\
% endif
</%def>
<%block name="title">${heading()}</%block>
<div class="k-cols nav-l">
<%include file="_side.mako" args="spot=page.spot"/>
<section aria-label="${_('Permissions')}">
<div class="k-head mb-2"><h1 class="any">${heading()}</h1><span class="ms-auto d-flex flex-wrap gap-2">\
% if page.spot.kind == "site":
<a class="btn btn-default" href="${shell.links.page('_admin/permissions/access.csv')}" title="${_('What everybody may do, on the whole site')}">${shell.icon("download")}${_("Export as CSV")}</a>\
% endif
<a class="btn btn-default" href="${page.check_address}">${shell.icon("person")}${_("Check access of a user")}</a></span></div>
% if page.spot.is_top:
<div class="mb-3"><%include file="/ui/_site_permissions.mako" args="current=page.save_address"/></div>
% elif page.spot.kind == "user-group":
<div class="mb-3"><%include file="/ui/_user_group_tabs.mako" args="group_id=page.spot.target_id, current='permissions'"/></div>
% endif
<p class="soft k-why">\
% if page.spot.kind == "repository":
${_("What is set here counts before what is inherited. A person gets the highest level that any row grants them.")}\
% elif page.spot.kind == "group":
${_("Levels apply to everything in this group, unless something else is set nearer. A person gets the highest level that any row grants them.")}\
% elif page.spot.kind == "site":
${_("Levels apply to all repositories and groups, unless something else is set nearer. A person gets the highest level that any row grants them.")}\
% else:
${_("Read is to see the group, and who is in it, and to grant it something; write is to put accounts in and to take them out; admin is everything else. A person gets the highest level that any row grants them.")}\
% endif
</p>
% if page.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved.")} ${page.problem} ${_("Look at the levels again; saving now changes what is stored.")}</p></div>
% elif page.add_problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved. What is wrong stands below the field.")}</p></div>
% elif page.saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("The permissions are saved.")}</p></div>
% endif
<form method="post" action="${page.save_address}">${shell.csrf_field}
<div class="k-panel"><div class="k-scroll" tabindex="0" role="region" aria-label="${_('Permission matrix')}"><table class="k-table k-matrix tight"><caption>${_("Permission level of each user group and user")}</caption>
<thead><tr><th scope="col">${_("Who")}</th>
% for level in Level:
<th scope="col" class="p">${level.title}</th>
% endfor
<th scope="col" class="k-hide-n">${_("Why")}</th><th scope="col" class="fit"><span class="vh">${_("Remove")}</span></th></tr></thead><tbody>
% for title, rows in page.sections:
% if rows or (loop.last and page.owners):
<tr class="grp"><th colspan="7" scope="colgroup">${title}</th></tr>
% endif
% if loop.last:
% for owner in page.owners:
<tr class="${'inh' if owner.path is not None else ''}"><th scope="row"><span class="nowrap">${shell.avatar(owner.email or owner.name, 20)} <b class="fw-semibold ms-1">${visible(owner.full_name)}</b></span> <span class="muted small k-hide-s">${owner.name}</span></th>
% for level in Level:
<td class="p"><label><span class="vh">${_("%(level)s for %(name)s", level=level.title, name=owner.full_name)}</span><input type="radio" disabled${' checked' if level == Level.ADMIN else ''}></label></td>
% endfor
<td class="k-why k-hide-n">${_("Owner, always admin.") if owner.path is None else _("Owner of %(path)s, so always admin.", path=owner.path)}</td><td class="fit"></td></tr>
% endfor
% endif
% for shown in rows:
<%include file="_row.mako" args="shown=shown"/>
% endfor
% endfor
</tbody></table></div>
% if page.more:
<p class="bd small muted mb-0">${_n("%(count)s more row is not shown; the command line lists all.", "%(count)s more rows are not shown; the command line lists all.", page.more)}</p>
% endif
<div class="ft d-flex flex-wrap gap-2 align-items-center"><label class="k-filter">${shell.icon("person-add")}<span class="vh">${_("Add a user or user group")}</span><input type="text" name="add" value="${page.add}" list="names" data-names="${page.names_address}" placeholder="${_('Add a user or user group')}" size="24" autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=add-e' if page.add_problem else ''}></label>
<datalist id="names"><%include file="names.mako"/></datalist>
<label class="vh" for="add-l">${_("Level")}</label><select class="form-select form-select-sm w-auto" id="add-l" name="add_level">
% for level in Level:
<option value="${level.word}"${' selected' if level == page.add_level else ''}>${level.title}</option>
% endfor
</select><%include file="/ui/_field_error.mako" args="problem=page.add_problem, id='add-e'"/></div></div>
<div class="k-save"><span class="grow"></span>
% if page.spot.has_below:
<label class="vh" for="reach">${_("Apply to")}</label><select class="form-select w-auto" id="reach" name="reach"><option value="here">${_("Keep what is set nearer")}</option><option value="below">${_("Take away what is set nearer for the same")}</option></select>
% endif
<button class="btn btn-default" type="reset">${_("Discard")}</button><button class="btn btn-primary" type="submit">${_("Save permissions")}</button></div></form>
</section></div>
