## Adding files. actions: FolderActions, or None for who is not signed in; css_class: of the button
<%page args="actions, css_class=''"/>
% if actions and actions.add_address:
<details class="k-menu"><summary class="btn btn-default ${css_class}">${shell.icon("plus")}${_("Add file")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r"><a href="${actions.add_address}" rel="nofollow">${shell.icon("file-added")}${_("Create a file")}</a><a href="${actions.upload_address}" rel="nofollow">${shell.icon("upload")}${_("Upload files")}</a></div></details>
% elif actions:
<span class="xs muted" id="add-why">${actions.words}</span><button class="btn btn-default ${css_class}" type="button" disabled aria-describedby="add-why">${shell.icon("plus")}${_("Add file")}</button>
% endif
