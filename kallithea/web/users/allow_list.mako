<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Allowed networks")}${f" · {page.name}" if page.name else ""} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current=page.side_page"/>
<div class="stack"><div class="k-head mb-0"><h1>\
% if page.user_id is None:
${_("Allowed networks")}\
% else:
${_("Allowed networks of %(name)s", name=page.name)}\
% endif
</h1>\
% if page.user_id is not None:
<a class="btn btn-default ms-auto" href="${shell.links.page(f'_admin/users/edit/{page.user_id}')}">${shell.icon("person")}<span class="clip">${_("User %(name)s", name=page.name)}</span></a>\
% endif
</div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('Allowed networks')}"><form class="bd" method="post" action="${page.address}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<p>\
% if page.user_id is None:
${_("This site answers nobody from elsewhere: no page, no clone, no push, and nobody can sign in. Files that pages are made with are excepted.")} \
${_("Now it answers these networks alone.") if page.has_list else _("Now it answers everybody.")}\
% else:
${_("From elsewhere, the account cannot sign in, and its sessions and tokens do not count.")} \
${_("Now it is used from these networks alone.") if page.has_list else _("Now it is used from everywhere.")}\
% endif
</p>
% if page.site_networks:
<p>${_("The site itself answers these networks alone:")} <code class="any">${", ".join(page.site_networks)}</code></p>
% endif
<div class="k-field"><label class="form-label" for="f-networks">${_("Networks")}</label><textarea class="form-control mono ${'k-invalid' if page.problem else ''}" id="f-networks" name="networks" rows="6" spellcheck="false" aria-describedby="f-networks-h${' f-networks-e' if page.problem else ''}"${' aria-invalid=true' if page.problem else ''}>
${page.networks}</textarea><div class="form-text" id="f-networks-h">${_("One on each line, such as 192.0.2.0/24, 2001:db8::/32 or a single address. Empty: everywhere.")} ${_("You come from %(address)s.", address=page.own_address)}</div><%include file="/ui/_field_error.mako" args="problem=page.problem, id='f-networks-e'"/></div>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section></div></div>
