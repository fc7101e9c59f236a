<dialog class="k-dlg" id="keys" aria-labelledby="keys-t"><div class="hd"><h2 id="keys-t">Keyboard shortcuts</h2><form method="dialog" class="ms-auto"><button class="btn btn-ghost btn-xs" aria-label="Close">${shell.icon("x")}</button></form></div><div class="bd">
% for keys, words in (("?", "This list"), ("t", "Find a file"), ("a", "Annotate this file"), ("j k", "Next, previous change"), ("n p", "Next, previous file"), ("v", "Mark file as viewed"), ("w", "Word emphasis"), ("Esc", "Close")):
<div><span>${words}</span><span>\
% for key in keys.split():
<kbd>${key}</kbd> \
% endfor
</span></div>
% endfor
</div></dialog>
