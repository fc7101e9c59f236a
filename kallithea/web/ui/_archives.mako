## The menu of archives. choices: ArchiveChoice, several; css_class: of the button
<%page args="choices, css_class=''"/>
% if choices:
<details class="k-menu k-hide-s"><summary class="btn btn-default ${css_class}">${shell.icon("download")}${_("Download")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r w">
% for choice in choices:
<a href="${choice.address}" rel="nofollow">${shell.icon("file-zip")}<span class="clip">${choice.name}</span></a>
% endfor
<p class="xs muted m-0 pad">${_("Repositories inside this one are empty folders there.")}</p></div></details>
% endif
