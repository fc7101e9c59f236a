## Edit and delete. actions: FileActions, or None for who is not signed in
<%page args="actions"/>
% if actions:
% if actions.edit_address:
<a class="btn btn-default btn-xs" href="${actions.edit_address}" rel="nofollow">${shell.icon("pencil")}${_("Edit")}</a>
% else:
<span class="xs muted" id="edit-why">${actions.words}</span><button class="btn btn-default btn-xs" type="button" disabled aria-describedby="edit-why">${shell.icon("pencil")}${_("Edit")}</button>
% endif
% if actions.delete_address:
<details class="k-menu"><summary class="btn btn-default btn-xs" aria-label="${_('More')}">${shell.icon("kebab-horizontal")}</summary><div class="k-pop r"><a href="${actions.delete_address}" rel="nofollow">${shell.icon("trash")}${_("Delete file")}</a></div></details>
% endif
% endif
