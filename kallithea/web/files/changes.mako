<%namespace name="change" file="/ui/_change.mako"/>\
<table><tbody>
% for _ in page.column.cells:
<tr>${change.subject(page.column, loop.index)}${change.age(page.column, loop.index)}</tr>
% endfor
</tbody></table>
