<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("New repositories")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/settings'"/>
<div class="stack"><%include file="_head.mako" args="current='_admin/defaults'"/>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<section class="k-panel" aria-label="${_('New repositories')}"><form class="bd" method="post" action="${shell.links.page('_admin/defaults')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<p class="soft k-why">${_("Forms begin with the first two, and whoever fills one in may choose otherwise. The others can be changed in the settings of each repository.")}</p>
<fieldset class="k-field"><legend class="form-label">${_("Kind")}</legend><div class="k-seg">
% for value, label in (("git", "Git"), ("hg", "Mercurial")):
<label><input type="radio" name="kind" value="${value}"${' checked' if value == page.form.kind else ''}>${label}</label>
% endfor
</div></fieldset>
% for name, checked, words in (("private", page.form.private, _("Private")), ("downloads", page.form.downloads, _("Archives can be downloaded")), ("statistics", page.form.statistics, _("Statistics are shown"))):
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="d-${name}" name="${name}" value="1"${' checked' if checked else ''}><label class="form-check-label" for="d-${name}">${words}</label></div>
% endfor
<%include file="/ui/_text_field.mako" args="field=page.landing"/>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
</div></div>
