## The menu of branches, bookmarks and tags. pick: RefPick
<%page args="pick"/>
<details class="k-menu k-pick"><summary class="btn btn-default">${shell.icon(pick.icon)}<span class="lbl">${pick.label}</span><span class="clip">${pick.name}</span>${shell.icon("triangle-down", "i12")}</summary>
<div class="k-pop w">
<div class="pad"><label class="k-filter">${shell.icon("search")}<span class="vh">Filter branches and tags</span><input type="search" placeholder="Branch or tag" data-filter="refs-menu"></label></div>
<div id="refs-menu">
% for group in pick.groups:
<div class="t">${group.title}</div>
% for choice in group.choices:
<a href="${choice.address}">\
% if choice.current:
${shell.icon("check")}\
% else:
<span class="ico"></span>\
% endif
<span class="clip">${choice.name}</span></a>
% endfor
% endfor
<hr><a href="${pick.all_address}">${pick.all_words}</a>
</div></div></details>
