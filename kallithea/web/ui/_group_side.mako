## The pages of a group's settings. path: of the group; current: the name of the page
<%page args="path, current"/>
<nav aria-label="${_('Settings of the group')}"><h2 class="k-side-t flow">${_("Settings")}</h2><ul class="k-side flow">
% for name, icon, label in (("edit", "gear", _("General")), ("edit/permissions", "shield", _("Permissions")), ("edit/delete", "trash", _("Delete"))):
<li><a href="${shell.links.group_page(path, name)}"${' aria-current=page' if name == current else ''}>${shell.icon(icon)}${label}</a></li>
% endfor
</ul></nav>
