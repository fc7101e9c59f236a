## A table of entries of the record of administration. rows: AuditRow
<%page args="rows"/>
<div class="k-panel"><div class="k-scroll" tabindex="0" role="region" aria-label="${_('Entries')}"><table class="k-table"><caption>${_("Who changed what, newest first")}</caption><thead><tr><th scope="col" class="fit">${_("When")}</th><th scope="col" class="fit">${_("Who")}</th><th scope="col" class="fit">${_("Action")}</th><th scope="col">${_("What")}</th><th scope="col" class="fit k-hide-n">${_("Way in")}</th></tr></thead><tbody>
% for row in rows:
<tr><td class="fit num small soft">${shell.reader.ago(row.entry.at)}</td><td class="fit">${visible(row.entry.actor_name)}</td><td class="fit"><code>${row.entry.action}</code></td><td><code class="any">${visible(row.entry.target)}</code>
% if row.changes:
<div class="small any">\
% for change in row.changes:
<span class="me-2"><code>${change.name}</code> \
% if change.before:
<code><del>${visible(change.before)}</del></code> \
% endif
% if change.after:
<code><ins>${visible(change.after)}</ins></code>\
% endif
</span> \
% endfor
</div>
% endif
</td><td class="fit small soft k-hide-n"><code>${row.entry.way}</code>
% if row.entry.address:
<br>${row.entry.address}
% endif
</td></tr>
% endfor
</tbody></table></div></div>
