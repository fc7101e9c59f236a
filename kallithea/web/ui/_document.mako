## A README. actions: FolderActions, or None for who is not signed in
<%page args="document, actions=None"/>
<section class="k-panel" aria-labelledby="rm-t"><div class="hd"><h2 id="rm-t" class="row-f">${shell.icon("book", "muted")}${document.name}</h2>\
% if actions and actions.readme_address:
<a class="small ms-auto" href="${actions.readme_address}" rel="nofollow">${_("Edit")}</a>\
% endif
</div><div class="bd">\
% if document.note:
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${document.note} <a href="${document.address}">${_("View file")}</a></p></div>\
% endif
<div class="k-prose">${document.html}</div></div></section>
