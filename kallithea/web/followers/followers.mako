<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Followers")} · ${page.path}</%block>
<%block name="main_class">text</%block>
<div class="k-head"><h1>${_("Followers")}</h1><span class="k-count">${number(page.total)}</span></div>
% if page.rows:
<div class="k-panel"><table class="k-table"><caption>${_("Who follows this repository")}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="fit k-hide-s">${_("Login")}</th><th scope="col" class="fit end">${_("Since")}</th></tr></thead><tbody>
% for row in page.rows:
<tr><th scope="row" class="max"><div class="clip">${shell.avatar(row.name, 20)} ${visible(row.full_name)}</div></th><td class="fit soft small k-hide-s">${row.name}</td><td class="fit end num small soft">${shell.reader.ago_short(row.since)}</td></tr>
% endfor
</tbody></table></div>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% elif page.total:
<div class="k-panel"><div class="k-empty">${shell.icon("eye")}<h2>${_("No further followers")}</h2><p>${_("The list ends before this page.")}</p><a class="btn btn-default" href="${shell.links.repository(page.path, 'followers')}">${_("First page")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("eye")}<h2>${_("No followers")}</h2><p>${_("A repository that you follow stands before the others in your list of repositories.")}</p></div></div>
% endif
