<dialog class="k-dlg" id="keys" aria-labelledby="keys-t"><div class="hd"><h2 id="keys-t">${_("Keyboard shortcuts")}</h2><form method="dialog" class="ms-auto"><button class="btn btn-ghost btn-xs" aria-label="${_('Close')}">${shell.icon("x")}</button></form></div><div class="bd">
% for keys, words in (("?", _("This list")), ("/", _("Search")), ("t", _("Find a file")), ("b", _("Switch branch or tag")), ("y", _("Permanent link")), ("l", _("Go to line")), ("a", _("Annotate this file")), ("j k", _("Next, previous change")), ("n p", _("Next, previous file")), ("v", _("Mark file as viewed")), ("s", _("Unified, side by side")), ("w", _("Word emphasis")), ("Esc", _("Close"))):
<div${"" if keys == "Esc" else f" data-key={keys[0]}"}><span>${words}</span><span>\
% for key in keys.split():
<kbd>${key}</kbd> \
% endfor
</span></div>
% endfor
</div></dialog>
