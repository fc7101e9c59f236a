## A table of sessions. rows: SessionRow; address: where the form goes that ends one
<%page args="rows, address"/>
<table class="k-table"><caption>${_("Signed-in browsers")}</caption><thead><tr><th scope="col">${_("Browser")}</th><th scope="col" class="fit k-hide-n">${_("Address")}</th><th scope="col" class="fit k-hide-s">${_("Signed in")}</th><th scope="col" class="fit">${_("Last seen")}</th><th scope="col" class="fit"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for row in rows:
<tr><th scope="row" class="any"><span class="fw-semibold small">${visible(row.client) or _("Unknown")}</span>
% if row.address:
<div class="mono xs muted">${row.address}</div>
% endif
</th><td class="fit mono small soft k-hide-n">${row.address}</td><td class="fit num small soft k-hide-s">${shell.reader.ago(row.created)}</td><td class="fit num small soft">
% if row.current:
<span class="k-chip ok">${_("This one")}</span></td><td class="fit"></td></tr>
% else:
${shell.reader.ago(row.seen)}</td><td class="fit"><form method="post" action="${address}">${shell.csrf_field}<input type="hidden" name="session" value="${str(row.number)}"><button class="btn btn-danger-o btn-xs" type="submit" aria-label="${_('End the session in %(client)s', client=visible(row.client))}">${_("End")}</button></form></td></tr>
% endif
% endfor
</tbody></table>
