## The two pages of what everybody may do on the site. current: the name of the page that is shown
<%page args="current"/>
<div><nav class="k-seg" aria-label="${_('Default permissions')}">
% for name, words in (("_admin/permissions", _("Making and coming in")), ("_admin/permissions/perms", _("Repositories and groups"))):
<a href="${shell.links.page(name)}"${' aria-current=page' if name == current else ''}>${words}</a>
% endfor
</nav></div>
