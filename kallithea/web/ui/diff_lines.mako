## Unchanged lines, for a script. page: LinesPart
<%def name="cells(words='')">\
% if page.split:
<td class="x"></td><td></td><td class="src" colspan="4">${words}</td>\
% else:
<td class="x" colspan="2"></td><td class="mk"></td><td class="src">${words}</td>\
% endif
</%def>\
<%def name="gap(told)"><tr class="hunk" data-gap="${told}">${cells()}</tr></%def>\
% if page.before:
${gap(page.before)}
% endif
${page.rows}\
% if page.beyond:
<tr class="hunk">${cells(page.beyond)}</tr>
% endif
% if page.after:
${gap(page.after)}
% endif
