<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Jobs")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/jobs'"/>
<section aria-label="${_('Jobs')}"><div class="k-head"><h1>${_("Jobs")}</h1>
<form class="d-flex gap-2 ms-auto" method="get" action="${shell.links.page('_admin/jobs')}"><input type="hidden" name="state" value="${page.chosen.state.value}"><label class="vh" for="j-q">${_("Queue")}</label><select class="form-select form-select-sm" id="j-q" name="queue"><option value="">${_("All queues")}</option>
% for queue in page.queues:
<option value="${queue}"${' selected' if queue == page.chosen.queue else ''}>${queue}</option>
% endfor
</select><button class="btn btn-default" type="submit">${_("Filter")}</button></form></div>
% if page.problem:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problem}</p></div>
% endif
% if page.waits_since:
<div class="k-notice warn mb-3" role="status">${shell.icon("alert")}<p>${_("Jobs wait since %(time)s, and nobody takes them: no worker seems to be running.", time=shell.reader.moment(page.waits_since))}</p></div>
% endif
<nav class="k-tabs mb-3" aria-label="${_('States')}">
% for tab in page.tabs:
<a href="${tab.address}"${' aria-current=page' if tab.state == page.chosen.state else ''}>${tab.label}\
% if tab.count is not None:
 <span class="k-count">${number(tab.count)}</span>\
% endif
</a>
% endfor
</nav>
% if page.rows:
<div class="k-panel"><div class="k-scroll" tabindex="0" role="region" aria-label="${_('Jobs')}"><table class="k-table"><caption>${_("Jobs")}</caption><thead><tr><th scope="col">${_("Job")}</th><th scope="col" class="fit k-hide-n">${_("Queue")}</th><th scope="col" class="fit end k-hide-n">${_("Attempts")}</th><th scope="col" class="fit k-hide-n">${_("When")}</th><th scope="col" class="fit end"><span class="vh">${_("What to do")}</span></th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row">\
% if row.has_page:
<a class="strong" href="${shell.links.page('_tasks/%d' % row.job_id)}">${row.kind}</a> \
% else:
<span class="strong">${row.kind}</span> \
% endif
<span class="muted small num">${str(row.job_id)}</span>
% if row.about:
<div class="small soft any"><code>${visible(row.about)}</code></div>
% endif
% if row.state == "running" and row.percent is not None:
<div class="small soft any">${_("%(percent)s %%: %(step)s", percent=row.percent, step=row.step)}</div>
% endif
% if row.cancelling:
<div class="small soft">${_("It was cancelled, and ends when it next asks.")}</div>
% endif
% if row.problem:
<div class="small any k-error">${visible(row.problem)}</div>
% endif
</th><td class="fit k-hide-n"><code>${row.queue}</code></td><td class="fit end num k-hide-n">${number(row.attempts)}</td><td class="fit small soft num k-hide-n">\
% if row.finished:
${shell.reader.ago(row.finished)}\
% elif row.state == "later":
${shell.reader.moment(row.due)}\
% else:
${shell.reader.ago(row.asked)}\
% endif
% if row.worker:
<br><code>${visible(row.worker)}</code>\
% endif
</td><td class="fit end"><form class="k-btns" method="post" action="${shell.links.page('_admin/jobs')}">${shell.csrf_field}<input type="hidden" name="job_id" value="${str(row.job_id)}"><input type="hidden" name="state" value="${page.chosen.state.value}"><input type="hidden" name="queue" value="${page.chosen.queue}">
% for action, words in page.actions:
% if row.repeatable or (row.state, action) != ("failed", "retry"):
<button class="btn btn-default btn-xs" type="submit" name="action" value="${action}" aria-label="${_('%(action)s: job %(number)s', action=words, number=str(row.job_id))}">${words}</button>
% endif
% endfor
</form></td></tr>
% endfor
</tbody></table></div></div>
% if page.first_address or page.next_address:
<nav class="k-page small" aria-label="${_('Pages')}"><span></span><span class="k-btns">
% for label, address in ((_("First"), page.first_address), (_("Next"), page.next_address)):
% if address:
<a class="btn btn-default btn-xs" href="${address}">${label}</a>
% else:
<span class="btn btn-default btn-xs disabled" aria-disabled="true">${label}</span>
% endif
% endfor
</span></nav>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("tasklist")}<h2>${page.empty}</h2><p>${_("What has failed stays here for 30 days, what is done for a week.")}</p></div></div>
% endif
</section></div>
