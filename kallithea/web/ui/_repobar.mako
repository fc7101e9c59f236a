
<section class="k-repobar" aria-label="Repository">
  <nav aria-label="Repository path"><ol class="k-crumbs">
% for crumb in shell.bar.crumbs:
<li${' class=here' if loop.last else ''}><a href="${crumb.address}">${crumb.name}</a></li>
% endfor
<li class="bare"><span class="k-kind ${shell.bar.kind}">${shell.bar.kind}</span></li>
% if shell.bar.private:
<li class="bare"><span class="k-chip">${shell.icon("lock")}Private</span></li>
% endif
</ol></nav>
  <nav aria-label="Pages of the repository" class="k-tabs-w"><ul class="k-tabs">
% for tab in shell.bar.tabs:
    <li><a href="${tab.address}"${' aria-current=page' if tab.current else ''}>${shell.icon(tab.icon)}${tab.label}</a></li>
% endfor
  </ul></nav>
  <div class="acts"><div class="k-btns">
% if shell.identity.signed_in:
<a class="btn btn-xs btn-default" href="${shell.bar.fork_address}" rel="nofollow">${shell.icon("repo-forked")}Fork</a>\
% else:
<a class="btn btn-xs btn-default" href="${shell.bar.forks_address}">${shell.icon("repo-forked")}Forks</a>\
% endif
<a class="btn btn-xs btn-default num" href="${shell.bar.forks_address}" aria-label="${number(shell.bar.forks)} ${plural(shell.bar.forks, 'fork')}">${number(shell.bar.forks)}</a></div></div>
</section>
