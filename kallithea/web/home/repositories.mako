<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title}</%block>
<div class="k-cols nav-l">
<nav aria-label="Repository groups">
  <ul class="k-side flow">
% if page.path:
    <li><a href="${shell.links.home()}">${shell.icon("repo")}All repositories</a></li>
% else:
    <li><a href="${shell.links.home()}"${'' if page.options.mine else ' aria-current=page'}>${shell.icon("repo")}All repositories</a></li>
% if shell.identity.signed_in:
    <li><a href="${shell.links.page('', mine=1)}"${' aria-current=page' if page.options.mine else ''}>${shell.icon("person")}Mine</a></li>
% endif
% endif
% for crumb in page.crumbs:
    <li><a href="${crumb.address}"${' aria-current=page' if loop.last else ''}>${shell.icon("file-directory-open-fill")}${crumb.name}</a></li>
% endfor
  </ul>
% if page.groups:
  <h2 class="k-side-t flow">Groups</h2>
  <ul class="k-side flow">
% for group in page.groups:
    <li><a href="${shell.links.repository(group.path)}">${shell.icon("file-directory-fill")}<span class="clip">${group.name}</span><span class="k-count">${number(group.repositories)}</span></a></li>
% endfor
  </ul>
% endif
</nav>
<section aria-labelledby="r-t">
  <div class="k-head"><h1 id="r-t">${page.title} <span class="sub num">${number(page.total)}</span></h1>
% if page.may_create:
<a class="btn btn-primary" href="${shell.links.page('_admin/create_repository', group=page.path or None)}">${shell.icon("plus")}New repository</a>
% endif
</div>
% if page.description:
  <p class="soft">${visible(page.description)}</p>
% endif
  <form class="row-f wrap mb-3" action="${shell.links.page(page.path)}" aria-label="Filter repositories">
    <label class="k-filter grow">${shell.icon("filter")}<span class="vh">Filter by name, description or owner</span><input type="search" name="f" value="${page.options.filter}" placeholder="Filter by name, description or owner"></label>
% if page.options.mine:
    <input type="hidden" name="mine" value="1">
% endif
    <div class="k-seg" role="group" aria-label="Kind">
% for value, label in (("", "All"), ("hg", "hg"), ("git", "git")):
<label><input type="radio" name="kind" value="${value}"${' checked' if value == page.options.kind else ''}>${label}</label>
% endfor
</div>
    <label class="vh" for="sort">Sort by</label><select class="form-select w-auto" id="sort" name="sort">
% for value, order, label in (("", "updated", "Last change"), ("name", "path", "Name"), ("owner", "owner", "Owner")):
<option value="${value}"${' selected' if order == page.options.sort else ''}>${label}</option>
% endfor
</select>
    <button class="btn btn-default" type="submit">Show</button>
  </form>
% if page.rows:
  <div class="k-panel"><table class="k-table"><caption>Repositories you can read</caption>
  <thead><tr><th scope="col">Repository</th><th scope="col" class="fit k-hide-n">Kind</th><th scope="col" class="fit k-hide-n">Visibility</th><th scope="col" class="fit k-hide-n">Owner</th><th scope="col" class="fit end">Last change</th></tr></thead>
  <tbody>
% for row in page.rows:
  <tr><th scope="row" class="max"><div class="clip">\
% if row.path != row.name:
<a class="quiet soft" href="${shell.links.repository(row.path.rpartition('/')[0])}">${row.path.rpartition('/')[0].replace('/', ' / ')}</a> <span class="muted">/</span> \
% endif
<a class="strong" href="${shell.links.repository(row.path)}">${row.name}</a> <span class="k-kind ${row.kind} d-lg-none">${row.kind}</span></div>
% if row.description:
<div class="muted small clip">${visible(row.description)}</div>
% endif
</th>
  <td class="fit k-hide-n"><span class="k-kind ${row.kind}">${row.kind}</span></td><td class="fit k-hide-n soft small">\
${shell.icon(visibility_icon(row.visibility), "muted")} ${row.visibility.capitalize()}</td><td class="fit k-hide-n small soft">\
% if row.owner:
${shell.avatar(row.owner, 18)} ${row.owner}\
% endif
</td><td class="fit end num small soft">${shell.reader.ago_short(row.updated)}</td></tr>
% endfor
  </tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.options.filter or page.options.kind or page.options.mine:
  <div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>No repository matches</h2><p>No repository that you may read has this in its name, its description or its owner's name.</p><a class="btn btn-default" href="${shell.links.page(page.path)}">Clear the filter</a></div></div>
% else:
  <div class="k-panel"><div class="k-empty">${shell.icon("repo")}<h2>No repositories</h2>
% if page.may_create:
<p>Make one here and push to it, or import what lies in the repository folder with <code>kallithea repo-scan</code>.</p><a class="btn btn-default" href="${shell.links.page('_admin/create_repository', group=page.path or None)}">New repository</a>
% elif shell.identity.signed_in:
<p>Repositories appear here once somebody lets you read them.</p>
% else:
<p>There is nothing here that everybody may read.</p><a class="btn btn-default" href="${shell.sign_in_address}">Sign in</a>
% endif
</div></div>
% endif
</section>
</div>
