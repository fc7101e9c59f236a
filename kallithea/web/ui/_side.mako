## A list of pages beside one of them. title: of the list; pages: SidePage; current: the name of the page that is shown
<%page args="title, pages, current"/>
<nav aria-label="${title}"><h2 class="k-side-t flow">${title}</h2><ul class="k-side flow">
% for side_page in pages:
<li><a href="${shell.links.page(side_page.name)}"${' aria-current=page' if side_page.name == current else ''}>${shell.icon(side_page.icon)}${side_page.label}</a></li>
% endfor
</ul></nav>
