## The menu of branches, bookmarks and tags. pick: RefPick
<%page args="pick"/>
<details class="k-menu k-pick" data-refs="${pick.menu_address}" data-failed="${_('The list could not be read.')}"><summary class="btn btn-default">${shell.icon(pick.icon)}<span class="lbl">${pick.label}</span><span class="clip">${pick.name}</span>${shell.icon("triangle-down", "i12")}</summary>
<div class="k-pop w">
<form class="pad" action="${pick.all_address}"><label class="k-filter">${shell.icon("search")}<span class="vh">${_("Filter branches and tags")}</span><input type="search" name="f" placeholder="${_('Branch or tag')}" autocomplete="off"></label></form>
% if pick.everything:
<a href="${pick.everything.address}"${' aria-current=true' if pick.everything.current else ''}>\
% if pick.everything.current:
${shell.icon("check")}\
% else:
<span class="ico"></span>\
% endif
${pick.everything.name}</a>
% endif
<div data-refs-found role="status"></div>
<hr><a href="${pick.all_address}">${_("All branches and tags")}</a>
</div></details>
