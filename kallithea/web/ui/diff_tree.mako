## The changed files in the column beside a diff. page: DiffFiles
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
% for folder in page.folders:
% if folder.name:
<li><details open><summary>${shell.icon("chevron-right", "chev")}${shell.icon("file-directory-open-fill", "dir")}<span class="clip">${folder.name}</span></summary><ul>
% endif
% for file in folder.files:
<li><a href="#${file.anchor}">${shell.icon(file.icon)}<span class="clip">${file.name}</span>${parts.stat(file.added, file.deleted, False, "xs")}</a></li>
% endfor
% if folder.name:
</ul></details></li>
% endif
% endfor
