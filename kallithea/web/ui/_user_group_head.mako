## What a group is called, and its pages. group_id, name: of the group; current: the verb of the page
<%page args="group_id, name, current"/>
<div class="k-head mb-0"><h1>${_("User group %(name)s", name=name)}</h1></div>
<div><nav class="k-seg" aria-label="${_('Pages of the group')}">
% for verb, words in (("members", _("Members")), ("edit", _("Settings")), ("delete", _("Delete"))):
<a href="${shell.links.page(f'_admin/user_groups/{verb}/{group_id}')}"${' aria-current=page' if verb == current else ''}>${words}</a>
% endfor
% if shell.identity.viewer.super_administrator:
<a href="${shell.links.page(f'_admin/user_groups/allowances/{group_id}')}"${' aria-current=page' if current == "allowances" else ''}>${_("Allowed")}</a>
% endif
</nav></div>
