## The pages of what everybody may do on the site. current: the address of the page that is shown
<%page args="current"/>
<div><nav class="k-seg" aria-label="${_('Default permissions')}">
% for name, words in (("_admin/permissions", _("Making and coming in")), ("_admin/permissions/perms", _("Repositories and groups")), ("_admin/permissions/user_groups", _("User groups"))):
<a href="${shell.links.page(name)}"${' aria-current=page' if shell.links.page(name) == current else ''}>${words}</a>
% endfor
</nav></div>
