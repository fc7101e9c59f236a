<header class="k-top">
  <a class="k-brand" href="${shell.links.home()}"><svg aria-hidden="true" focusable="false"><use href="${shell.asset('icons/icons.svg')}#k-mark"/></svg><span class="nm">${shell.site_title}</span><span class="vh"> home</span></a>
  <nav aria-label="Main">
    <ul class="k-nav"><li><a href="${shell.links.home()}"
% if shell.in_repositories:
 aria-current="page"
% endif
>Repositories</a></li></ul>
  </nav>
  <span class="ms-auto"></span>
% if shell.identity.signed_in:
  <details class="k-menu k-hide-s"><summary aria-label="Create new">${shell.icon("plus")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r"><a href="${shell.links.page('_admin/create_repository')}">${shell.icon("repo")}New repository</a><a href="${shell.links.page('_admin/repo_groups/new')}">${shell.icon("file-directory")}New repository group</a></div></details>
% endif
  <details class="k-menu"><summary aria-label="${'Account menu of %s' % shell.identity.full_name if shell.identity.signed_in else 'Appearance'}">
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
      <div class="t" id="th-l">Theme</div><div class="pad"><div class="k-seg xs" role="group" aria-labelledby="th-l">
% for value, label in (("auto", "Auto"), ("light", "Light"), ("dark", "Dark")):
        <label><input type="radio" name="theme" value="${value}" data-set="theme"
% if value == shell.theme:
 checked
% endif
>${label}</label>
% endfor
      </div></div><div class="t" id="pl-l">Diff colours</div><div class="pad"><div class="k-seg xs" role="group" aria-labelledby="pl-l">
% for value, label in (("green-red", "Green / red"), ("blue-orange", "Blue / orange")):
        <label><input type="radio" name="palette" value="${value}" data-set="palette"
% if value == shell.palette:
 checked
% endif
>${label}</label>
% endfor
      </div></div>
% if shell.identity.signed_in:
      <hr><form method="post" action="${shell.links.page('_admin/logout')}">${shell.csrf_field}<button class="item" type="submit">${shell.icon("sign-out")}Sign out</button></form>
% endif
    </div></details>
  <details class="k-menu k-top-burger"><summary aria-label="Main menu">${shell.icon("three-bars")}</summary><div class="k-pop r"><a href="${shell.links.home()}">${shell.icon("repo")}Repositories</a>
% if shell.identity.signed_in:
<a href="${shell.links.page('_admin/create_repository')}">${shell.icon("plus")}New repository</a><a href="${shell.links.page('_admin/repo_groups/new')}">${shell.icon("file-directory")}New repository group</a>
% endif
</div></details>
% if not shell.identity.signed_in:
  <a class="btn btn-ghost" href="${shell.sign_in_address}">${shell.icon("sign-in")}Sign in</a>
% endif
</header>
