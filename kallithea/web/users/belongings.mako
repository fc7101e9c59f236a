<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("What belongs to %(name)s", name=page.name)} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("What belongs to %(name)s", name=page.name)}</h1><a class="btn btn-default ms-auto" href="${shell.links.page(f'_admin/users/edit/{page.user_id}')}">${shell.icon("pencil")}${_("Account")}</a></div>
% if page.done:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("It is taken away.")}</p></div>
% endif
% if not page.active:
<div class="k-notice warn">${shell.icon("alert")}<p>${_("The account is disabled: sessions, passwords and tokens are refused, and memberships give nothing.")}</p></div>
% endif
<section class="k-panel" aria-labelledby="b-s"><div class="hd"><h2 id="b-s">${_("Sessions")} <span class="k-count">${number(len(page.sessions))}</span></h2></div>
% if page.sessions:
<%include file="/ui/_sessions.mako" args="rows=page.sessions, address=shell.links.page(f'_admin/users/end_session/{page.user_id}')"/>
<form class="bd" method="post" action="${shell.links.page(f'_admin/users/end_session/{page.user_id}')}">${shell.csrf_field}<input type="hidden" name="session" value="all"><button class="btn btn-danger-o" type="submit">${_("End all sessions")}</button></form>
% else:
<p class="bd mb-0">${_("The account is signed in nowhere.")}</p>
% endif
</section>
<section class="k-panel" aria-labelledby="b-t"><div class="hd"><h2 id="b-t">${_("API tokens")} <span class="k-count">${number(len(page.tokens))}</span></h2></div>
% if page.tokens:
<%include file="/ui/_tokens.mako" args="rows=page.tokens, address=shell.links.page(f'_admin/users/revoke_token/{page.user_id}')"/>
% else:
<p class="bd mb-0">${_("The account has none.")}</p>
% endif
</section>
<section class="k-panel" aria-labelledby="b-g"><div class="hd"><h2 id="b-g">${_("User groups")} <span class="k-count">${number(len(page.groups))}</span></h2></div>
% if page.groups:
<table class="k-table tight"><caption>${_("Groups of which the account is a member")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="fit k-hide-s">${_("State")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for group in page.groups:
<tr><th scope="row" class="max"><div class="clip">${shell.icon("organization")} <a class="strong ms-1" href="${shell.links.page(f'_admin/user_groups/members/{group.user_group_id}')}">${visible(group.name)}</a></div></th><td class="fit k-hide-s">\
% if group.active:
<span class="k-chip ok">${shell.icon("check")}${_("Active")}</span>\
% else:
<span class="k-chip">${shell.icon("skip")}${_("Switched off")}</span>\
% endif
</td><td class="fit"><form method="post" action="${shell.links.page(f'_admin/users/leave_group/{page.user_id}')}">${shell.csrf_field}<input type="hidden" name="user_group" value="${str(group.user_group_id)}"><button class="btn btn-danger-o btn-xs" type="submit" aria-label="${_('Remove from %(name)s', name=visible(group.name))}">${_("Remove")}</button></form></td></tr>
% endfor
</tbody></table>
% else:
<p class="bd mb-0">${_("The account is in no user group.")}</p>
% endif
</section>
<section class="k-panel" aria-labelledby="b-o"><div class="hd"><h2 id="b-o">${_("Owned")}</h2></div><div class="bd">
% if page.owned.needs_heir:
<ul class="mb-0">
% for words, owned in ((_("Repositories"), page.owned.repositories), (_("Repository groups"), page.owned.repository_groups)):
% if owned.count:
<li class="any">${words} <span class="k-count">${number(owned.count)}</span>
% for path in owned.names:
<a class="ms-1" href="${shell.links.repository(path)}">${path}</a>
% endfor
${"…" if owned.count > len(owned.names) else ""}</li>
% endif
% endfor
% if page.owned_groups.total:
<li class="any">${_("User groups")} <span class="k-count">${number(page.owned_groups.total)}</span>
% for row in page.owned_groups.rows:
<a class="ms-1" href="${shell.links.page(f'_admin/user_groups/edit/{row.user_group_id}')}">${visible(row.name)}</a>
% endfor
${"…" if page.owned_groups.total > len(page.owned_groups.rows) else ""}</li>
% endif
</ul>
% else:
<p class="mb-0">${_("The account owns nothing.")}</p>
% endif
</div></section>
% for title, rows, address in ((_("What the account did last"), page.by, shell.links.page("_admin", actor=page.name)), (_("What was done with the account last"), page.about, shell.links.page("_admin", target=f"user:{page.name}"))):
<section aria-label="${title}"><div class="k-head"><h2 class="h6 mb-0">${title}</h2><a class="btn btn-default ms-auto" href="${address}">${shell.icon("checklist")}${_("Audit log")}</a></div>
% if rows:
<%include file="/ui/_audit_rows.mako" args="rows=rows"/>
% else:
<div class="k-panel"><p class="bd mb-0">${_("No entries")}</p></div>
% endif
</section>
% endfor
</div></div>
