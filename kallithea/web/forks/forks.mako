<%inherit file="/ui/layout.mako"/>
<%block name="title">Forks · ${page.path}</%block>
<div class="k-head"><h1>Forks</h1><span class="k-count">${number(page.total)}</span></div>
% if page.rows:
<div class="k-panel"><table class="k-table"><caption>Forks that you can read</caption><thead><tr><th scope="col">Repository</th><th scope="col" class="fit k-hide-n">Visibility</th><th scope="col" class="fit k-hide-n">Owner</th><th scope="col" class="fit end">Last change</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip"><a class="strong" href="${shell.links.repository(row.path)}">${row.path}</a></div>\
% if row.description:
<div class="muted small clip">${visible(row.description)}</div>\
% endif
</th><td class="fit k-hide-n soft small">${shell.icon(visibility_icon(row.visibility), "muted")} ${row.visibility.capitalize()}</td><td class="fit k-hide-n small soft">\
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
<div class="k-panel"><div class="k-empty">${shell.icon("repo-forked")}<h2>No further forks</h2><p>The list ends before this page.</p><a class="btn btn-default" href="${shell.links.repository(page.path, 'forks')}">First page</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("repo-forked")}<h2>No forks</h2><p>A fork is a repository of your own that begins with what is in this one. Forks that you may read appear here.</p>
% if shell.identity.signed_in:
<a class="btn btn-default" href="${shell.links.repository(page.path, 'fork')}" rel="nofollow">Fork</a>
% endif
</div></div>
% endif
