## Where else to look. side: Side
<%page args="side"/>
<nav aria-label="${_('Repository groups')}">
  <ul class="k-side flow">
% for place in side.places:
    <li><a href="${place.address}"${' aria-current=page' if place.current else ''}>${shell.icon(place.icon)}${place.label}<span class="k-count">${number(place.count)}</span></a></li>
% endfor
% for crumb in side.crumbs:
    <li><a href="${crumb.address}"${' aria-current=page' if loop.last else ''}>${shell.icon("file-directory-open-fill")}<span class="clip">${crumb.name}</span></a></li>
% endfor
  </ul>
% if side.groups:
  <h2 class="k-side-t flow">${_("Groups")}</h2>
  <ul class="k-side flow">
% for group in side.groups:
    <li><a href="${group.address}">${shell.icon("file-directory-fill")}<span class="clip">${group.name}</span><span class="k-count">${number(group.count)}</span></a>\
% if group.below:
<ul class="k-side sub m-0">\
% for one in group.below:
<li><a href="${one.address}"><span class="clip">${one.name}</span><span class="k-count">${number(one.count)}</span></a></li>\
% endfor
</ul>\
% endif
</li>
% endfor
% if side.all_groups:
    <li><a href="${side.all_groups.address}">${shell.icon("list-unordered")}${side.all_groups.name}</a></li>
% endif
  </ul>
% endif
</nav>
