<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("System")} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/system'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("System")}</h1><a class="btn btn-default ms-auto" href="${shell.links.page('_admin/system.txt')}">${shell.icon("file")}${_("As text")}</a></div>
% if page.mail_sent:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("The message is handed to the worker. If it does not arrive, see the log.")}</p></div>
% endif
<div class="k-cols quart">
% for count, words in ((page.report.repositories, _("repositories")), (page.report.users, _("users")), (page.report.jobs_waiting, _("jobs waiting")), (page.report.jobs_failed, _("jobs failed"))):
<div class="k-panel"><div class="bd py-3"><div class="k-fig"><b>${number(count)}</b><span>${words}</span></div></div></div>
% endfor
</div>
<section class="k-panel" aria-labelledby="c-t"><div class="hd"><h2 id="c-t">${_("Checks")}</h2></div><table class="k-table tight"><caption>${_("Checks")}</caption><thead class="vh"><tr><th scope="col">${_("What")}</th><th scope="col">${_("Details")}</th></tr></thead><tbody>
% for check in page.report.checks:
<tr><th scope="row" class="fit">${shell.icon(page.icons[check.health], check.health)} <span class="ms-1">${check.name}</span></th><td class="soft small any">${check.words}\
% if check.changed:
 ${_("Last change: %(age)s.", age=shell.reader.ago(check.changed))}\
% endif
</td></tr>
% endfor
</tbody></table></section>
<section class="k-panel" aria-labelledby="a-t"><div class="hd"><h2 id="a-t">${_("The last 30 days")}</h2></div><div class="bd"><div class="k-cols third gap-3">
% for chart in page.charts:
<div><div class="k-fig mb-2"><b>${number(chart.total)}</b><span>${chart.name}</span></div>${chart.picture}</div>
% endfor
</div><details class="mt-3"><summary class="small">${_("The figures of each day")}</summary><div class="k-scroll" tabindex="0" role="region" aria-label="${_('The figures of each day')}"><table class="k-table tight"><caption>${_("The figures of each day")}</caption><thead><tr><th scope="col">${_("Day, in UTC")}</th>
% for chart in page.charts:
<th scope="col" class="fit">${chart.name}</th>
% endfor
</tr></thead><tbody>
% for day, counts in page.days:
<tr><th scope="row" class="fw-normal num">${day}</th>
% for count in counts:
<td class="fit num">${number(count)}</td>
% endfor
</tr>
% endfor
</tbody></table></div></details></div></section>
<div class="k-cols half gap-3"><section class="k-panel" aria-labelledby="s-t"><div class="hd"><h2 id="s-t">${_("Room")}</h2></div><div class="bd stack-2">
% for room in page.rooms:
<div><div class="row-f small"><span>${room.name}</span><span class="muted ms-auto num">${_("%(used)s of %(limit)s", used=size(room.used), limit=size(room.limit))}</span></div><svg class="k-meter" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${_('%(percent)s %% used', percent=room.percent)}"><rect class="t" width="100" height="8"/><rect class="v${' w' if room.is_nearly_full else ''}" width="${room.percent}" height="8"/></svg></div>
% endfor
</div></section>
<section class="k-panel" aria-labelledby="v-t"><div class="hd"><h2 id="v-t">${_("Versions")}</h2></div><div class="bd"><dl class="k-dl small">
% for name, version in page.report.versions:
<dt><code>${name}</code></dt><dd><code>${version}</code></dd>
% endfor
</dl></div></section></div>
<section class="k-panel" aria-labelledby="u-t"><div class="hd"><h2 id="u-t">${_("What takes long")}</h2></div><div class="bd stack-2">
% for task in page.tasks:
<form method="post" action="${task.address}">${shell.csrf_field}<p class="mb-2">${task.words}</p><button class="btn btn-default" type="submit">${task.label}</button></form>
% endfor
</div></section>
<section class="k-panel" aria-labelledby="m-t"><div class="hd"><h2 id="m-t">${_("Try the mail")}</h2></div><form class="bd" method="post" action="${shell.links.page('_admin/system/mail')}">${shell.csrf_field}
% if page.mail_to:
<p>${_("A message goes to %(address)s, by the same way as all others.", address=page.mail_to)}</p><button class="btn btn-default" type="submit">${shell.icon("mail")}${_("Send a message")}</button>
% else:
<p class="mb-0">${_("For this, the .ini needs a mail server and your account an e-mail address.")}</p>
% endif
</form></section></div></div>
