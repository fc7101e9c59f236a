<%inherit file="/my_account/_frame.mako"/>
<%block name="title">${_("Followed repositories")}</%block>
<section class="k-panel">
% if page.rows:
<table class="k-table"><caption>${_("Repositories that you follow")}</caption><thead><tr><th scope="col">${_("Repository")}</th><th scope="col" class="fit">${_("You are told")}</th><th scope="col" class="fit k-hide-s"><span class="vh">${_("Actions")}</span></th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="any fw-normal">${shell.icon("lock" if row.private else "repo")} <a href="${shell.links.repository(row.path)}">${row.path}</a></th><td class="fit"><form class="row-f wrap" method="post" action="${shell.links.page('_admin/my_account/watched')}">${shell.csrf_field}<input type="hidden" name="repository" value="${row.path}"><select class="form-select form-select-sm w-auto" name="level" aria-label="${_('What you are told of %(repository)s', repository=row.path)}">
% for value, words in page.choices:
<option value="${value}"${' selected' if value == row.watch else ''}>${words}</option>
% endfor
</select><button class="btn btn-default btn-xs" type="submit" aria-label="${_('Save what you are told of %(repository)s', repository=row.path)}">${_("Save")}</button></form></td><td class="fit k-hide-s"><form method="post" action="${shell.links.repository(row.path, 'unfollow')}">${shell.csrf_field}<button class="btn btn-default btn-xs" type="submit" aria-label="${_('Unfollow %(repository)s', repository=row.path)}">${_("Unfollow")}</button></form></td></tr>
% endfor
</tbody></table>
% else:
<div class="k-empty">${shell.icon("star")}<h2>${_("No followed repositories")}</h2><p>${_("In the bar of each repository is a button to follow it. Those that you follow stand first in your lists.")}</p><a class="btn btn-default" href="${shell.links.home()}">${_("All repositories")}</a></div>
% endif
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
