## The pages of the settings. path: of the repository; current: the name of the page
<%page args="path, current"/>
<nav aria-label="Settings of the repository"><h2 class="k-side-t flow">Settings</h2><ul class="k-side flow">
% for verb, icon, label in (("settings", "gear", "General"), ("settings/fields", "list-unordered", "Extra fields"), ("settings/delete", "trash", "Delete")):
<li><a href="${shell.links.repository(path, verb)}"${' aria-current=page' if verb == current else ''}>${shell.icon(icon)}${label}</a></li>
% endfor
</ul></nav>
