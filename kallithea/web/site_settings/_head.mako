## The pages of settings, and what came of saving one. page.problem, page.saved; current: the name of the page
<%page args="current"/>
<div class="k-head mb-0"><h1>${_("Settings")}</h1></div>
<div><nav class="k-seg" aria-label="${_('Settings')}">
% for name, words in (("_admin/settings", _("General")), ("_admin/settings/issues", _("Issues")), ("_admin/defaults", _("New repositories")), ("_admin/settings/hooks", _("Hooks"))):
<a href="${shell.links.page(name)}"${' aria-current=page' if name == current else ''}>${words}</a>
% endfor
</nav></div>
