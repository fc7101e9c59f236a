<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Default permissions")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/permissions'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Default permissions")}</h1></div>
<%include file="/ui/_site_permissions.mako" args="current=shell.links.page('_admin/permissions')"/>
% if page.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved.")} ${page.problem}</p></div>
% elif page.saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("What is allowed is saved.")}</p></div>
% endif
<form class="stack" method="post" action="${shell.links.page('_admin/permissions')}">${shell.csrf_field}
<section class="k-panel" aria-labelledby="m-t"><div class="hd"><h2 id="m-t">${_("All signed-in users may")}</h2></div><div class="bd">
<%include file="_boxes.mako" args="form=page.form"/>
</div></section>
<section class="k-panel" aria-labelledby="i-t"><div class="hd"><h2 id="i-t">${_("Who comes in")}</h2></div><div class="bd">
<input type="hidden" name="was-visitors" value="${page.was.visitors}"><input type="hidden" name="was-registration" value="${page.was.registration}"><input type="hidden" name="was-vouched" value="${page.was.vouched}">
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="vi" name="visitors" value="1"${' checked' if page.entry.visitors == 'true' else ''}><label class="form-check-label" for="vi">${_("Visitors without account")} <span class="muted small d-block">${_("What is granted to visitors counts. Without it, everybody has to sign in.")}</span></label></div>
<fieldset class="k-field"><legend class="form-label">${_("People make accounts for themselves")}</legend>
% for registration, (title, hint) in page.registrations.items():
<div class="form-check"><input class="form-check-input" type="radio" id="re-${registration}" name="registration" value="${registration}"${' checked' if registration == page.entry.registration else ''}><label class="form-check-label" for="re-${registration}">${title} <span class="muted small d-block">${hint}</span></label></div>
% endfor
% if not page.can_register:
<p class="small muted mb-0">${_("Nobody can register before the .ini has a mail server and the address of the site.")}</p>
% endif
</fieldset>
<fieldset class="k-field mb-0"><legend class="form-label">${_("Accounts that are made for those whom a proxy vouches for")}</legend>
% for activation, (title, hint) in page.activations.items():
<div class="form-check"><input class="form-check-input" type="radio" id="vo-${activation}" name="vouched" value="${activation}"${' checked' if activation == page.entry.vouched else ''}><label class="form-check-label" for="vo-${activation}">${title} <span class="muted small d-block">${hint}</span></label></div>
% endfor
% if not page.are_made:
<p class="small muted mb-0">${_("None is made: the .ini has remote_user_creates_accounts switched off.")}</p>
% endif
</fieldset></div></section>
<div><button class="btn btn-primary" type="submit">${_("Save")}</button></div></form>
<section class="k-panel" aria-labelledby="o-t"><div class="hd"><h2 id="o-t">${_("Users and user groups that may do more")} <span class="k-count">${number(page.total)}</span></h2></div>
% if page.rows:
<table class="k-table tight"><caption>${_("Users and user groups that may do more")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col">${_("Allowed")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="any">${shell.icon(row.icon, "muted")} <a class="strong ms-1" href="${row.address}">${visible(row.receiver.name)}</a></th><td class="small soft">\
% for title in row.titles:
<span class="d-block">${title}</span>\
% endfor
</td></tr>
% endfor
</tbody></table>
% else:
<div class="k-empty">${shell.icon("people")}<h2>${_("Nobody")}</h2><p>${_("On the page of each user and user group is what they are allowed besides.")}</p></div>
% endif
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
</div></div>
