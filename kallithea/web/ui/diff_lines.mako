## Unchanged lines, for a script. page: LinesPart
<%def name="gap(told)"><tr class="hunk" data-gap="${told}">\
% if page.split:
<td class="x"></td><td></td><td class="src" colspan="4"></td>\
% else:
<td class="x" colspan="2"></td><td class="mk"></td><td class="src"></td>\
% endif
</tr></%def>\
% if page.before:
${gap(page.before)}
% endif
${page.rows}\
% if page.after:
${gap(page.after)}
% endif
