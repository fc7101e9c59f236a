<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("My permissions")}</%block>
<section class="k-panel">
% if page.rows:
<table class="k-table"><caption>${_("What you may do with the repositories that you may read")}</caption><thead><tr><th scope="col">${_("Repository")}</th><th scope="col" class="fit">${_("Level")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="any fw-normal">${shell.icon("lock" if row.private else "repo")} <a href="${shell.links.repository(row.path)}">${row.path}</a></th><td class="fit"><span class="k-chip">${row.level.text}</span></td></tr>
% endfor
</tbody></table>
% else:
<div class="k-empty">${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("Repositories appear here once somebody lets you read them.")}</p></div>
% endif
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
<%include file="/ui/_allowance_lines.mako" args="lines=page.allowances"/>
