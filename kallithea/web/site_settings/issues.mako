<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Issues")} · ${_("Administration")}</%block>
<%def name="part(row, name, label, value)"><div class="k-field"><label class="form-label" for="${name}-${row.number}">${label}</label><input class="form-control ${'k-invalid' if row.problem else ''}" id="${name}-${row.number}" name="${name}-${row.number}" value="${value}" maxlength="500" autocomplete="off" autocapitalize="off" spellcheck="false"${f' aria-invalid=true aria-describedby=r-{row.number}-e' if row.problem else ''}></div></%def>\
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/settings'"/>
<div class="stack"><%include file="_head.mako" args="current='_admin/settings/issues'"/>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<form class="stack" method="post" action="${shell.links.page('_admin/settings/issues')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
<section class="k-panel" aria-labelledby="p-t"><div class="hd"><h2 id="p-t">${_("What names an issue")}</h2></div><div class="bd">
<p class="soft k-why">${_("In messages and descriptions, what fits a pattern becomes a link. In the address, and in the words, %(group)s stands for what is in the first parentheses of the pattern; in the address %(repository)s stands for the path of the repository.", group=element("code", "\\1"), repository=element("code", "{repo}"))}</p>
% for pattern in page.of_ini:
<p class="small">${_("From the .ini: %(pattern)s leads to %(address)s", pattern=element("code", pattern.written), address=element("code", pattern.address))}</p>
% endfor
% for row in page.rows:
<div class="k-cols third gap-3">${part(row, "pattern", _("Pattern"), row.rule.pattern)}${part(row, "address", _("Address"), row.rule.address)}${part(row, "text", _("Words of the link, empty for what was found"), row.rule.text)}</div><%include file="/ui/_field_error.mako" args="problem=row.problem, id=f'r-{row.number}-e'"/>
% endfor
<p class="small muted mb-0">${_("A row that is emptied is deleted.")}</p>
</div></section>
<section class="k-panel" aria-labelledby="t-t"><div class="hd"><h2 id="t-t">${_("Try it")}</h2></div><div class="bd">
<div class="k-field"><label class="form-label" for="sample">${_("A text")}</label><textarea class="form-control" id="sample" name="sample" rows="3" maxlength="2000">
${page.sample}</textarea></div>
<p class="k-pre any" role="status">${page.shown}</p>
<button class="btn btn-default" type="submit" name="try" value="1">${_("Show the text without saving")}</button></div></section>
<div><button class="btn btn-primary" type="submit">${_("Save")}</button></div></form>
</div></div>
