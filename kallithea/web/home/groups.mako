<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Groups")}</%block>
<div class="k-cols nav-l">
<%include file="_side.mako" args="side=page.side"/>
<section aria-labelledby="g-t">
  <div class="k-head"><h1 id="g-t">${_("Groups")} <span class="sub num">${number(page.total)}</span></h1>
% if page.may_create:
<a class="btn btn-primary" href="${shell.links.page('_admin/repo_groups/new')}">${shell.icon("plus")}${_("New group")}</a>
% endif
</div>
  <form class="row-f wrap mb-3" action="${shell.links.page('_groups')}" aria-label="${_('Filter groups')}">
    <label class="k-filter grow">${shell.icon("filter")}<span class="vh">${_("Filter by name or description")}</span><input type="search" name="f" value="${page.filter}" placeholder="${_('Filter by name or description')}"></label>
    <button class="btn btn-default" type="submit">${_("Show")}</button>
  </form>
% if page.rows:
  <div class="k-panel"><table class="k-table"><caption>${_("Groups with repositories that you can read")}</caption>
  <thead><tr><th scope="col">${_("Group")}</th><th scope="col" class="fit end">${_("Repositories")}</th></tr></thead>
  <tbody>
% for row in page.rows:
  <tr><th scope="row" class="max"><div class="clip">\
% if row.path != row.name:
<a class="quiet soft" href="${shell.links.repository(row.path.rpartition('/')[0])}">${row.path.rpartition('/')[0].replace('/', ' / ')}</a> <span class="muted">/</span> \
% endif
<a class="strong" href="${shell.links.repository(row.path)}">${row.name}</a></div>
% if row.description:
<div class="muted small clip">${visible(row.description)}</div>
% endif
</th><td class="fit end num small soft">${number(row.repositories)}</td></tr>
% endfor
  </tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.total:
  <div class="k-panel"><div class="k-empty">${shell.icon("file-directory")}<h2>${_("No further groups")}</h2><p>${_("The list ends before this page.")}</p><a class="btn btn-default" href="${shell.links.page('_groups', f=page.filter or None)}">${_("First page")}</a></div></div>
% elif page.filter:
  <div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("No group matches")}</h2><p>${_("No group that you may see has this in its name or its description.")}</p><a class="btn btn-default" href="${shell.links.page('_groups')}">${_("Clear the filter")}</a></div></div>
% else:
  <div class="k-panel"><div class="k-empty">${shell.icon("file-directory")}<h2>${_("No groups")}</h2><p>${_("A group holds repositories and further groups, and what is granted on it counts for all of them.")}</p></div></div>
% endif
</section>
</div>
