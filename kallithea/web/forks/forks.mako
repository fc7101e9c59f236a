<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Forks")} · ${page.path}</%block>
<div class="k-head"><h1>${_("Forks")}</h1><span class="k-count">${number(page.total)}</span></div>
% if page.rows:
<div class="k-panel"><table class="k-table"><caption>${_("Forks that you can read")}</caption><thead><tr><th scope="col">${_("Repository")}</th><th scope="col" class="fit k-hide-n">${_("Visibility")}</th><th scope="col" class="fit k-hide-n">${_("Owner")}</th><th scope="col" class="fit end">${_("Last change")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip"><a class="strong" href="${shell.links.repository(row.path)}">${row.path}</a></div>\
% if row.description:
<div class="muted small clip">${visible(row.description)}</div>\
% endif
</th><td class="fit k-hide-n soft small">${shell.icon(visibility_icon(row.visibility), "muted")} ${visibility_name(row.visibility)}</td><td class="fit k-hide-n small soft">\
% if row.owner:
${shell.avatar(row.owner, 18)} ${row.owner}\
% endif
</td><td class="fit end num small soft">${shell.reader.ago_short(row.updated)}</td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.total:
<div class="k-panel"><div class="k-empty">${shell.icon("repo-forked")}<h2>${_("No further forks")}</h2><p>${_("The list ends before this page.")}</p><a class="btn btn-default" href="${shell.links.repository(page.path, 'forks')}">${_("First page")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("repo-forked")}<h2>${_("No forks")}</h2><p>${_("A fork is a repository of your own that begins with what is in this one. Forks that you may read appear here.")}</p>
% if shell.identity.signed_in:
<a class="btn btn-default" href="${shell.links.repository(page.path, 'fork')}" rel="nofollow">${_("Fork")}</a>
% endif
</div></div>
% endif
