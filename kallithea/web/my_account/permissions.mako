<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("My permissions")}</%block>
% if page.groups:
<section class="k-panel"><table class="k-table"><caption>${_("Groups in which you may write")}</caption><thead><tr><th scope="col">${_("Group")}</th><th scope="col" class="fit">${_("Level")}</th></tr></thead><tbody>
% for group in page.groups:
<tr><th scope="row" class="any fw-normal">${shell.icon("file-directory")} <a href="${shell.links.repository(group.path)}">${group.path}</a></th><td class="fit"><span class="k-chip">${group.level.text}</span></td></tr>
% endfor
</tbody></table>
% if page.more:
<p class="bd small muted mb-0">${_n("%(count)s more group is not shown.", "%(count)s more groups are not shown.", page.more)}</p>
% endif
</section>
% endif
<section class="k-panel">
% if page.repositories.rows:
<table class="k-table"><caption>${_("What you may do with the repositories that you may read")}</caption><thead><tr><th scope="col">${_("Repository")}</th><th scope="col" class="fit">${_("Level")}</th></tr></thead><tbody>
% for row in page.repositories.rows:
<tr><th scope="row" class="any fw-normal">${shell.icon("lock" if row.private else "repo")} <a href="${shell.links.repository(row.path)}">${row.path}</a></th><td class="fit"><span class="k-chip">${row.level.text}</span></td></tr>
% endfor
</tbody></table>
% else:
<div class="k-empty">${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("Repositories appear here once somebody lets you read them.")}</p></div>
% endif
</section>
% if page.repositories.pager:
<%include file="/ui/_pager.mako" args="pager=page.repositories.pager"/>
% endif
<%include file="/ui/_allowance_lines.mako" args="lines=page.allowances"/>
