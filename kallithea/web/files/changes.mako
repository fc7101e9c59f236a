<table><tbody>
% for cell in page.column.cells:
<tr><td class="max small k-hide-s">${cell.subject}</td><td class="fit end small muted num">${cell.age}</td></tr>
% endfor
</tbody></table>
