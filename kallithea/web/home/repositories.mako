<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.path or page.title}</%block>
<%def name="heading(head, css_class)"><th scope="col" class="${css_class}"${' aria-sort=%s' % head.direction if head.direction else ''}><a class="quiet" href="${head.address}" rel="nofollow">${head.label}\
% if head.direction:
${shell.icon("chevron-up" if head.direction == "ascending" else "chevron-down", "i12")}\
% endif
</a></th></%def>\
<div class="k-cols nav-l">
<%include file="_side.mako" args="side=page.side"/>
<section aria-labelledby="r-t">
% if page.path:
  <nav aria-label="${_('Group path')}"><ol class="k-crumbs"><li><a href="${shell.links.home()}">${_("Repositories")}</a></li>\
% for crumb in page.side.crumbs:
<li${' class=here' if loop.last else ''}><a href="${crumb.address}"${' aria-current=page' if loop.last else ''}>${crumb.name}</a></li>\
% endfor
</ol></nav>
% endif
  <div class="k-head"><h1 id="r-t">${page.title} <span class="sub num">${number(page.total)}</span></h1>
% if page.path:
<a class="btn btn-ghost" href="${shell.links.group_page(page.path, 'search')}" rel="nofollow">${shell.icon("search")}${_("Search")}</a>
% endif
% if page.may_create:
% if page.path:
<a class="btn btn-ghost" href="${shell.links.group_page(page.path, 'edit')}">${shell.icon("gear")}${_("Settings")}</a>
<a class="btn btn-default" href="${shell.links.page('_admin/repo_groups/new', group=page.path)}">${shell.icon("file-directory")}${_("New group")}</a>
% endif
<a class="btn btn-default k-hide-s" href="${shell.links.page('_admin/import_repository', repo_name=page.path + '/' if page.path else None)}">${shell.icon("repo-pull")}${_("Import")}</a>
<a class="btn btn-primary" href="${shell.links.page('_admin/create_repository', group=page.path or None)}">${shell.icon("plus")}${_("New repository")}</a>
% endif
</div>
% if page.description:
  <p class="soft">${visible(page.description)}</p>
% endif
  <form class="row-f wrap mb-3" action="${shell.links.page(page.path)}" aria-label="${_('Filter repositories')}">
    <label class="k-filter grow">${shell.icon("filter")}<span class="vh">${_("Filter by name, description or owner")}</span><input type="search" name="f" value="${page.options.filter}" placeholder="${_('Filter by name, description or owner')}"></label>
% if page.options.part:
    <input type="hidden" name="show" value="${page.options.part}">
% endif
    <div class="k-seg" role="group" aria-label="${_('Kind')}">
<label><input type="radio" name="kind" value=""${'' if page.options.kind else ' checked'}>${_("All")}</label>
% for kind in ("hg", "git"):
<label><input type="radio" name="kind" value="${kind}"${' checked' if kind == page.options.kind else ''}>${kind}</label>
% endfor
</div>
    <label class="vh" for="visibility">${_("Visibility")}</label><select class="form-select w-auto" id="visibility" name="visibility">
% for option in page.visibilities:
<option value="${option.word}"${' selected' if option.chosen else ''}>${option.label}</option>
% endfor
</select>
    <label class="vh" for="sort">${_("Sort by")}</label><select class="form-select w-auto" id="sort" name="sort">
% for option in page.sorts:
<option value="${option.word}"${' selected' if option.chosen else ''}>${option.label}</option>
% endfor
</select>
    <button class="btn btn-default" type="submit">${_("Show")}</button>
  </form>
% if page.rows:
  <div class="k-panel"><table class="k-table"><caption>${_("Repositories that you can read")}</caption>
  <thead><tr>${heading(page.headings.name, "")}<th scope="col" class="fit k-hide-n">${_("Kind")}</th><th scope="col" class="fit k-hide-n">${_("Visibility")}</th>${heading(page.headings.owner, "fit k-hide-n")}<th scope="col" class="fit k-hide-n">${_("12 weeks")}</th>${heading(page.headings.updated, "fit end")}</tr></thead>
  <tbody>
% for row in page.rows:
  <tr><th scope="row" class="max"><div class="clip">\
% if row.path != row.name:
<a class="quiet soft" href="${shell.links.repository(row.path.rpartition('/')[0])}">${row.path.rpartition('/')[0].replace('/', ' / ')}</a> <span class="muted">/</span> \
% endif
<a class="strong" href="${shell.links.repository(row.path)}">${row.name}</a> <span class="k-kind ${row.kind} d-lg-none">${row.kind}</span>\
% if row.followed:
 ${shell.icon("star", "muted i12")}<span class="vh">${_("followed")}</span>\
% endif
</div>
% if row.description:
<div class="muted small clip">${visible(row.description)}</div>
% endif
</th>
  <td class="fit k-hide-n"><span class="k-kind ${row.kind}">${row.kind}</span></td><td class="fit k-hide-n soft small">\
${shell.icon(visibility_icon(row.visibility), "muted")} ${visibility_name(row.visibility)}</td><td class="fit k-hide-n small soft">\
% if row.owner:
<div class="clip">${shell.avatar(row.owner, 18)} ${row.owner}</div>\
% endif
</td><td class="fit k-hide-n">\
% if row.weeks:
<svg class="k-spark sm" viewBox="0 0 83 20" preserveAspectRatio="none" role="img" aria-label="${_n("%(count)s commit in 12 weeks", "%(count)s commits in 12 weeks", sum(row.weeks))}">${draw_bars(row.weeks)}</svg>\
% endif
</td><td class="fit end num small soft">${shell.reader.ago_short(row.updated)}</td></tr>
% endfor
  </tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% else:
<%include file="_nothing.mako"/>
% endif
</section>
</div>
