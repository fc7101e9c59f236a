<%inherit file="/ui/layout.mako"/>
<%def name="heading()">\
% if page.spot.kind == "site":
${_("Access to the whole site")}\
% elif page.spot.kind == "user-groups":
${_("Access to all user groups")}\
% elif page.spot.kind == "user-group":
${_("Access to the user group %(name)s", name=page.target)}\
% else:
${_("Access to %(path)s", path=page.target)}\
% endif
</%def>
<%block name="title">${heading()}</%block>
<div class="k-cols nav-l">
<%include file="_side.mako" args="spot=page.spot"/>
<section aria-label="${_('Check access of a user')}">
<div class="k-head mb-2"><h1 class="any">${heading()}</h1><a class="btn btn-default ms-auto" href="${page.matrix_address}">${shell.icon("shield")}${_("All permissions")}</a></div>
<form class="d-flex flex-wrap gap-2 align-items-end mb-3" method="get" action="${page.address}"><div><label class="form-label small" for="u">${_("Name of the account")}</label><input class="form-control form-control-sm ${'k-invalid' if page.problem else ''}" id="u" name="user" value="${page.asked}" required autocomplete="off" autocapitalize="off" spellcheck="false"${' aria-invalid=true aria-describedby=u-e' if page.problem else ''}></div><button class="btn btn-default" type="submit">${_("Check access")}</button><a class="btn btn-ghost" href="${page.visitor_address}">${_("A visitor without account")}</a></form>
<%include file="/ui/_field_error.mako" args="problem=page.problem, id='u-e'"/>
% if page.report is not None:
<p class="k-why" role="status">\
% if page.visitor:
${_("A visitor who is not signed in has the level %(level)s here.", level=element("b", page.report.level.text))}\
% else:
${_("%(name)s has the level %(level)s here.", name=visible(page.name), level=element("b", page.report.level.text))}\
% endif
% if page.disabled:
 ${_("The account is disabled: it is like a visitor.")}\
% endif
</p>
% if page.sources:
<div class="k-panel mb-3"><div class="k-scroll" tabindex="0" role="region" aria-label="${_('Where the level comes from')}"><table class="k-table"><caption>${_("Where the level comes from, the nearest first")}</caption><thead><tr><th scope="col">${_("What")}</th><th scope="col">${_("Where")}</th><th scope="col" class="fit">${_("Level")}</th><th scope="col" class="k-hide-s">${_("Effect")}</th><th scope="col" class="fit">${_("Without it")}</th></tr></thead><tbody>
% for line in page.sources:
<tr><th scope="row">${visible(line.what)}</th><td class="any">${line.place}</td><td class="fit">${line.source.level.text}</td><td class="soft k-hide-s">${line.effect}</td><td class="fit">\
% if line.source.without == page.report.level:
${_("the same")}\
% else:
<b>${line.source.without.text}</b>\
% endif
</td></tr>
% endfor
</tbody></table></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("shield")}<h2>${_("Nothing is granted")}</h2><p>${_("No grant reaches this person here.")}</p></div></div>
% endif
% if page.memberships:
<h2 class="h6">${_("What a membership means")}</h2><ul class="small">
% for line in page.memberships:
<li>${_("%(words)s: %(level)s", words=line.words, level=element("b", line.membership.without.text))}</li>
% endfor
</ul>
% endif
% endif
% if page.allowances:
<%include file="/ui/_allowance_lines.mako" args="lines=page.allowances"/>
% endif
</section></div>
