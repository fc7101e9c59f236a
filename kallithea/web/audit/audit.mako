<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Audit log")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin'"/>
<section aria-label="${_('Audit log')}"><div class="k-head"><h1>${_("Audit log")}</h1><a class="btn btn-default ms-auto" href="${page.export_address}">${shell.icon("download")}${_("Export as CSV")}</a></div>
<form class="d-flex flex-wrap gap-2 align-items-end mb-3" method="get" action="${shell.links.page('_admin')}">
<div><label class="form-label small" for="a-w">${_("Who")}</label><input class="form-control form-control-sm" id="a-w" name="actor" value="${page.form.actor}" autocomplete="off" spellcheck="false"></div>
<div><label class="form-label small" for="a-k">${_("Area")}</label><select class="form-select form-select-sm" id="a-k" name="kind"><option value="">${_("Everything")}</option>
% for kind, words in page.kinds:
<option value="${kind}"${' selected' if kind == page.form.kind else ''}>${words}</option>
% endfor
</select></div>
<div><label class="form-label small" for="a-t">${_("Name or path")}</label><input class="form-control form-control-sm" id="a-t" name="target" value="${page.form.target}" autocomplete="off" spellcheck="false"></div>
<div><label class="form-label small" for="a-s">${_("From")}</label><input class="form-control form-control-sm" type="date" id="a-s" name="since" value="${page.form.since}"></div>
<div><label class="form-label small" for="a-u">${_("To")}</label><input class="form-control form-control-sm" type="date" id="a-u" name="until" value="${page.form.until}"></div>
<button class="btn btn-default" type="submit">${_("Filter")}</button>
% if not page.form.is_empty:
<a class="btn btn-ghost" href="${shell.links.page('_admin')}">${_("Clear")}</a>
% endif
</form>
% if page.rows:
<%include file="/ui/_audit_rows.mako" args="rows=page.rows"/>
% if page.first_address or page.older_address:
<nav class="k-page small" aria-label="${_('Pages')}"><span></span><span class="k-btns">
% for label, address in ((_("Newest"), page.first_address), (_("Older"), page.older_address)):
% if address:
<a class="btn btn-default btn-xs" href="${address}">${label}</a>
% else:
<span class="btn btn-default btn-xs disabled" aria-disabled="true">${label}</span>
% endif
% endfor
</span></nav>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("checklist")}<h2>${_("No entries")}</h2>
% if page.form.is_empty and not page.first_address:
<p>${_("What administrators change is noted here.")}</p>
% else:
<p>${_("Nothing that was noted fits this filter.")}</p><a class="btn btn-default" href="${shell.links.page('_admin')}">${_("Show everything")}</a>
% endif
</div></div>
% endif
</section></div>
