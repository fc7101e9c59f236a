<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Statistics")} · ${page.path}</%block>
## heading: of the lists; name: of the first column; caption: of the table; part: Breakdown
<%def name="breakdown(heading, name, caption, part)">
<section class="k-panel"><div class="hd"><h2>${heading}</h2></div><div class="bd">${part.picture}</div>
<table class="k-table tight"><caption>${caption}</caption><thead><tr><th scope="col">${name}</th><th scope="col" class="fit end">${_("Commits")}</th><th scope="col" class="fit end">${_("Share")}</th></tr></thead><tbody>
% for line in part.lines:
<tr><th scope="row" class="max"><div class="clip"><span class="k-sw ${line.css_class}"></span> \
% if line.address:
${shell.avatar(line.avatar, 18)} <a href="${line.address}">${line.name}</a>\
% else:
${line.name}\
% endif
</div></th><td class="fit end num">${number(line.commits)}</td><td class="fit end num soft">${line.share}</td></tr>
% endfor
</tbody></table></section>
</%def>\
<div class="k-head"><h1>${_("Statistics")}</h1>\
% if page.counted:
<span class="soft small">${_("%(commits)s up to %(commit)s, counted %(time)s", commits=page.counted.words, commit=element("a", page.counted.short, href=shell.links.changeset(page.path, page.counted.commit_id), class_="k-hash"), time=shell.reader.ago(page.counted.at))}</span>\
% endif
</div>
% if page.problem:
<div class="k-notice bad mb-3" role="status">${shell.icon("alert")}<p>${_("The commits could not be counted.")} ${page.problem}</p></div>
% elif page.counting and page.counted:
<div class="k-notice mb-3" role="status">${shell.icon("info")}<p>${_("Newer commits are being counted. Load this page again in a moment.")}</p></div>
% endif
% if page.counted:
<div class="stack">
<div class="k-cols nav-l">
<nav aria-label="${_('Period')}"><h2 class="k-side-t flow">${_("Period")}</h2><ul class="k-side flow">
% for year in page.counted.weeks.years:
<li><a href="${year.address}"${' aria-current=page' if year.current else ''}>${year.label}<span class="k-count">${number(year.commits)}</span></a></li>
% endfor
</ul></nav>
<section class="k-panel"><div class="hd"><h2>${_("Commits by week")}</h2></div><div class="bd">${page.counted.weeks.picture}<p class="small muted mt-2">${page.counted.weeks.words}</p></div>
% if page.counted.weeks.lines:
<table class="k-table tight"><caption>${_("Weeks with commits")}</caption><thead><tr><th scope="col">${_("Week from")}</th><th scope="col" class="fit end">${_("Commits")}</th></tr></thead><tbody>
% for line in page.counted.weeks.lines:
<tr><th scope="row" class="num">${line.monday}</th><td class="fit end num">${number(line.commits)}</td></tr>
% endfor
</tbody></table>
% endif
</section>
</div>
<div class="k-cols half">
${breakdown(_("Authors"), _("Author"), _("Commits by author"), page.counted.authors)}
% if page.counted.languages:
${breakdown(_("Languages"), _("Language of files"), _("Commits by language"), page.counted.languages)}
% endif
</div>
<p class="small muted m-0">${_("Weeks begin on Monday in UTC. Who uses several names with one mail address is counted once. A commit counts for each language of which it changed a file.")}</p>
</div>
% elif page.counting:
<div class="k-panel"><div class="k-empty">${shell.icon("pulse")}<h2>${_("The commits are being counted")}</h2><p>${_("Load this page again in a moment.")}</p><a class="btn btn-default" href="${shell.links.repository(page.path, 'statistics')}">${shell.icon("sync")}${_("Load again")}</a></div></div>
% elif page.empty:
<div class="k-panel"><div class="k-empty">${shell.icon("pulse")}<h2>${_("No commits")}</h2><p>${_("There is nothing to count before somebody has pushed.")}</p></div></div>
% endif
