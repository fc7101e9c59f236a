## The pages of a group. group_id; current: the verb of the page that is shown; level: that of who asks
<%page args="group_id, current, level=Level.ADMIN"/>
<%! from kallithea.core.access import Level %>
<div><nav class="k-seg" aria-label="${_('Pages of the group')}">
% for verb, words, needed in (("members", _("Members"), Level.READ), ("edit", _("Settings"), Level.ADMIN), ("permissions", _("Permissions"), Level.ADMIN), ("delete", _("Delete"), Level.ADMIN)):
% if level >= needed:
<a href="${shell.links.page(f'_admin/user_groups/{verb}/{group_id}')}"${' aria-current=page' if verb == current else ''}>${words}</a>
% endif
% endfor
% if shell.identity.viewer.super_administrator:
<a href="${shell.links.page(f'_admin/user_groups/allowances/{group_id}')}"${' aria-current=page' if current == "allowances" else ''}>${_("Allowed")}</a>
% endif
</nav></div>
