## A row of the matrix. shown: ShownRow
<%page args="shown"/>
<%! from kallithea.core.access import Level %>
<tr class="${'dirty' if shown.changed else 'inh' if shown.row.own is None else ''}"><th scope="row"><input type="hidden" name="was-${shown.key}" value="${shown.was}">
% if shown.icon:
${shell.icon(shown.icon, "muted")} \
% else:
${shell.avatar(shown.row.email or shown.row.name, 20)} \
% endif
<b class="fw-semibold ms-1">${visible(shown.name)}</b> \
% if shown.row.subject.kind == "user-group":
<span class="muted small k-hide-s">${_n("%(count)s member", "%(count)s members", shown.row.members)}</span>
% elif shown.row.subject.kind == "user":
<span class="muted small k-hide-s">${shown.row.name}</span>
% elif shown.row.subject.kind == "visitors":
<span class="muted small k-hide-s">${_("Not signed in")}</span>
% endif
</th>
% for level in Level:
<td class="p"><label><span class="vh">${_("%(level)s for %(name)s", level=level.title, name=shown.name)}</span><input type="radio" name="level-${shown.key}" value="${level.word}"${' checked' if level == shown.chosen else ''}${'' if shown.offers(level) else ' disabled'}></label></td>
% endfor
<td class="k-why k-hide-n">\
% for sentence in shown.why:
${sentence} \
% endfor
</td><td class="fit">\
% if shown.row.own is not None:
<button class="btn btn-ghost btn-xs" type="submit" name="remove" value="${shown.key}" aria-label="${_('Remove %(name)s, and save', name=shown.name)}">${shell.icon("x")}</button>\
% endif
</td></tr>
