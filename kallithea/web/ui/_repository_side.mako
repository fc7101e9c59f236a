## The pages of the settings. path: of the repository; current: the name of the page
<%page args="path, current"/>
<nav aria-label="${_('Settings of the repository')}"><h2 class="k-side-t flow">${_("Settings")}</h2><ul class="k-side flow">
% for verb, icon, label in (("settings", "gear", _("General")), ("settings/permissions", "shield", _("Permissions")), ("settings/fields", "list-unordered", _("Extra fields")), ("settings/remote", "repo-pull", _("Remote")), ("settings/delete", "trash", _("Delete"))):
<li><a href="${shell.links.repository(path, verb)}"${' aria-current=page' if verb == current else ''}>${shell.icon(icon)}${label}</a></li>
% endfor
</ul></nav>
