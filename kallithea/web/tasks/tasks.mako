<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Tasks")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Settings'), pages=shell.account_pages, current='_admin/my_account/tasks'"/>
<section aria-label="${_('Tasks')}"><div class="k-head"><h1>${_("Tasks")} <span class="k-count">${number(len(page.rows))}</span></h1></div>
% if page.rows:
<div class="k-panel"><table class="k-table"><caption>${_("Forks, imports and pulls that you have asked for")}</caption><thead><tr><th scope="col">${_("Task")}</th><th scope="col" class="fit">${_("State")}</th><th scope="col" class="fit end">${_("Asked for")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip"><a class="strong" href="${row.address}">${row.title}</a></div>
% if row.problem:
<div class="small soft">${row.problem}</div>
% endif
</th><td class="fit"><span class="k-chip ${row.css_class}">${shell.icon(row.icon)}${row.label}\
% if row.percent is not None:
 ${row.percent} %\
% endif
</span></td><td class="fit end num small soft">${shell.reader.ago_short(row.asked)}</td></tr>
% endfor
</tbody></table></div>
<p class="small muted mt-2">${_("What has ended stays here for a week.")}</p>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("tasklist")}<h2>${_("No tasks")}</h2><p>${_("Forks, imports and pulls that you ask for are shown here while they run, and for a week after.")}</p></div></div>
% endif
</section></div>
