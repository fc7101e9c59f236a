## A table of tokens. rows: TokenRow; address: where the form goes that revokes one
<%page args="rows, address"/>
<table class="k-table"><caption>${_("API tokens")}</caption><thead><tr><th scope="col">${_("Token")}</th><th scope="col" class="k-hide-n">${_("May")}</th><th scope="col" class="fit">${_("Ends")}</th><th scope="col" class="fit k-hide-s">${_("Last used")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for row in rows:
<tr><th scope="row" class="any"><b class="fw-semibold">${visible(row.description) or _("No name")}</b><div class="mono xs muted">${row.prefix}…</div></th><td class="small soft any k-hide-n">
% for scope in row.scopes:
<span class="k-chip">${scope}</span>
% endfor
% if row.bound:
<div class="mono xs">
% for path in row.paths:
<a href="${shell.links.repository(path)}">${path}</a>
% endfor
% if row.lost:
${_n("%(count)s repository that you cannot see", "%(count)s repositories that you cannot see", row.lost)}
% endif
</div>
% endif
</td><td class="fit small num">
% if row.expired:
<span class="k-chip warn">${_("Ended")}</span>
% elif row.expires:
${shell.reader.moment(row.expires)[:10]}
% else:
${_("Never")}
% endif
</td><td class="fit small soft num k-hide-s">
% if row.used:
${shell.reader.ago(row.used)}
% else:
${_("Never")}
% endif
</td><td class="fit"><form method="post" action="${address}">${shell.csrf_field}<input type="hidden" name="token" value="${str(row.number)}"><button class="btn btn-danger-o btn-xs" type="submit" aria-label="${_('Revoke %(token)s', token=visible(row.description) or row.prefix)}">${_("Revoke")}</button></form></td></tr>
% endfor
</tbody></table>
