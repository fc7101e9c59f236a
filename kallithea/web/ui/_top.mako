<header class="k-top">
  <a class="k-brand" href="${shell.links.home()}" aria-label="${_('%(site)s home', site=shell.site_title)}"><svg aria-hidden="true" focusable="false"><use href="${shell.asset('icons/icons.svg')}#k-mark"/></svg><span class="nm">${shell.site_title}</span></a>
  <nav aria-label="${_('Main')}">
    <ul class="k-nav"><li><a href="${shell.links.home()}"
% if shell.in_repositories:
 aria-current="page"
% endif
>${_("Repositories")}</a></li>
<li><a href="${shell.links.page(shell.journal_name)}"
% if shell.in_journal:
 aria-current="page"
% endif
>${_("Journal")}</a></li>
% if shell.identity.viewer.super_administrator:
<li><a href="${shell.links.page(shell.admin_pages[0].name)}"
% if shell.in_administration:
 aria-current="page"
% endif
>${_("Administration")}</a></li>
% endif
</ul>
  </nav>
  <form class="k-find" role="search" action="${shell.links.page('_search')}">${shell.icon("search")}<label class="vh" for="q">${_("Search")}</label><input id="q" name="q" type="search" placeholder="${_('Search code, commits, files')}" autocomplete="off" spellcheck="false"><kbd aria-hidden="true">/</kbd></form>
% if shell.identity.signed_in:
  <details class="k-menu k-hide-s"><summary aria-label="${_('Create new')}">${shell.icon("plus")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r"><a href="${shell.links.page('_admin/create_repository')}">${shell.icon("repo")}${_("New repository")}</a><a href="${shell.links.page('_admin/import_repository')}">${shell.icon("repo-pull")}${_("Import repository")}</a><a href="${shell.links.page('_admin/repo_groups/new')}">${shell.icon("file-directory")}${_("New repository group")}</a></div></details>
% endif
% if shell.identity.signed_in:
  <a class="k-bell" href="${shell.links.page('_admin/notifications')}" aria-label="${_n('%(count)s unread notification', '%(count)s unread notifications', shell.identity.unread)}">${shell.icon("bell")}\
% if shell.identity.unread:
<span class="k-count num">${shell.identity.unread_words}</span>\
% endif
</a>
% endif
  <details class="k-menu"><summary aria-label="${_('Account menu of %(name)s', name=shell.identity.full_name) if shell.identity.signed_in else _('Appearance')}">
% if shell.identity.signed_in:
${shell.avatar(shell.identity.email or shell.identity.name, 22)}
% else:
${shell.icon("paintbrush")}${shell.icon("triangle-down", "i12")}
% endif
</summary>
    <div class="k-pop r">
% if shell.identity.signed_in:
      <div class="pad"><b>${shell.identity.full_name}</b><br><span class="muted small">${shell.identity.email or shell.identity.name}</span></div><hr>
% endif
% for preference in shell.menu_preferences:
      <div class="t" id="preference-${preference.name}">${preference.title}</div><div class="pad"><div class="k-seg xs" role="group" aria-labelledby="preference-${preference.name}">
% for value, label in preference.values:
        <label><input type="radio" name="${preference.name}" value="${value}" data-set="${preference.name}"${' checked' if value == shell.preferences[preference.name] else ''}>${label}</label>
% endfor
      </div></div>
% endfor
% if shell.identity.signed_in:
      <hr><a href="${shell.links.page('_admin/my_account/tasks')}">${shell.icon("tasklist")}${_("Tasks")}</a><a href="${shell.links.page(shell.account_pages[0].name)}">${shell.icon("gear")}${_("Settings")}</a><hr><form method="post" action="${shell.links.page('_admin/logout')}">${shell.csrf_field}<button class="item" type="submit">${shell.icon("sign-out")}${_("Sign out")}</button></form>
% endif
    </div></details>
  <details class="k-menu k-top-burger"><summary aria-label="${_('Main menu')}">${shell.icon("three-bars")}</summary><div class="k-pop r"><a href="${shell.links.home()}">${shell.icon("repo")}${_("Repositories")}</a><a href="${shell.links.page(shell.journal_name)}">${shell.icon("pulse")}${_("Journal")}</a>
% if shell.identity.viewer.super_administrator:
<a href="${shell.links.page(shell.admin_pages[0].name)}">${shell.icon("shield")}${_("Administration")}</a>
% endif
% if shell.identity.signed_in:
<a href="${shell.links.page('_admin/create_repository')}">${shell.icon("plus")}${_("New repository")}</a><a href="${shell.links.page('_admin/import_repository')}">${shell.icon("repo-pull")}${_("Import repository")}</a><a href="${shell.links.page('_admin/repo_groups/new')}">${shell.icon("file-directory")}${_("New repository group")}</a>
% endif
</div></details>
% if not shell.identity.signed_in:
  <a class="btn btn-ghost" href="${shell.sign_in_address}">${shell.icon("sign-in")}${_("Sign in")}</a>
% endif
</header>
