% for group in page.groups:
<div class="t">${group.title}</div>
% for choice in group.choices:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>\
% if choice.current:
${shell.icon("check")}\
% else:
<span class="ico"></span>\
% endif
<span class="clip">${choice.name}</span></a>
% endfor
% endfor
% if not page.groups:
<p class="small muted m-0 px-2 py-1">${_("None has this in its name.")}</p>
% endif
<p class="xs muted m-0 px-2 py-1">${page.words}</p>
