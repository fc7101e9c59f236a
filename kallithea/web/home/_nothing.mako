## Why a list of repositories has none. page: RepositoriesPage
<div class="k-panel"><div class="k-empty">
% if page.total:
${shell.icon("repo")}<h2>${_("No further repositories")}</h2><p>${_("The list ends before this page.")}</p><a class="btn btn-default" href="${page.options.address(shell.links, page.path)}">${_("First page")}</a>
% elif page.options.filtered:
${shell.icon("search")}<h2>${_("No repository matches")}</h2><p>${_("None of the repositories here that you may read is like this.")}</p><a class="btn btn-default" href="${page.clear_address}">${_("Clear the filter")}</a>
% elif page.options.part == "followed":
${shell.icon("star")}<h2>${_("No followed repositories")}</h2><p>${_("In the bar of each repository is a button to follow it. Those that you follow stand first in your lists.")}</p><a class="btn btn-default" href="${shell.links.home()}">${_("All repositories")}</a>
% elif page.options.part == "mine":
${shell.icon("person")}<h2>${_("No repositories of yours")}</h2><p>${_("What you create or fork is yours, and what somebody makes over to you.")}</p><a class="btn btn-default" href="${shell.links.home()}">${_("All repositories")}</a>
% elif page.may_create:
${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("Make one here and push to it, or import what lies in the repository folder with %(command)s.", command=element("code", "kallithea repo-scan"))}</p><a class="btn btn-default" href="${shell.links.page('_admin/create_repository', group=page.path or None)}">${_("New repository")}</a>
% elif shell.identity.signed_in:
${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("Repositories appear here once somebody lets you read them.")}</p>
% else:
${shell.icon("repo")}<h2>${_("No repositories")}</h2><p>${_("There is nothing here that everybody may read.")}</p><a class="btn btn-default" href="${shell.sign_in_address}">${_("Sign in")}</a>
% endif
</div></div>
