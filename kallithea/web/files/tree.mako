${nodes(page.nodes)}\
<%def name="nodes(children)">
% for node in children:
% if node.children is None:
<li><a href="${node.address}"${' aria-current=page' if node.current else ''}>${shell.icon(node.icon, "dir" if node.icon.startswith("file-directory") else "")}<span class="clip">${node.name}</span></a></li>
% else:
<li><details open><summary>${shell.icon("chevron-right", "chev")}${shell.icon(node.icon, "dir")}<span class="clip">${node.name}</span></summary><ul>${nodes(node.children)}</ul></details></li>
% endif
% endfor
</%def>
