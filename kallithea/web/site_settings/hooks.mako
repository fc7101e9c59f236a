<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Hooks")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/settings'"/>
<div class="stack"><%include file="_head.mako" args="current='_admin/settings/hooks'"/>
% if page.folder is None:
<div class="k-panel"><div class="k-empty">${shell.icon("gear")}<h2>${_("No hooks")}</h2><p>${_("Programs that judge pushes lie in a folder that the .ini names as %(setting)s.", setting=element("code", "hook_dir"))}</p></div></div>
% else:
<section class="k-panel" aria-label="${_('Hooks')}"><div class="bd"><p class="soft k-why mb-0">${_("Programs on the server, changed there and not here. Each may take %(seconds)s seconds. The folder: %(folder)s", seconds=page.seconds, folder=element("code", str(page.folder)))}</p></div><table class="k-table tight"><caption>${_("Hooks")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col">${_("Program")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="fit"><code>${row.name}</code></th><td class="any">\
% if row.program is not None:
<code>${str(row.program)}</code>\
% else:
<span class="muted">${_("None that may be run")}</span>\
% endif
</td></tr>
% endfor
</tbody></table></section>
% endif
</div></div>
