## The cells of entries' last changes. column: ChangeColumn. Those that a script fills are marked, in the order of the page.
<%def name="source(column)">\
% if column.cells is None:
 data-changes="${column.address}"\
% endif
</%def>
<%def name="subject(column, number)">\
% if column.cells is None:
<td class="max small k-hide-s" data-change></td>\
% else:
<td class="max small k-hide-s"><div class="clip">\
% if column.cells[number]:
<a class="quiet muted" href="${column.cells[number].address}">${column.cells[number].subject}</a>\
% endif
</div></td>\
% endif
</%def>
<%def name="age(column, number)">\
% if column.cells is None:
<td class="fit end small muted num" data-change></td>\
% else:
<td class="fit end small muted num">\
% if column.cells[number]:
${ago_short(column.cells[number].when, shell.now)}\
% endif
</td>\
% endif
</%def>
