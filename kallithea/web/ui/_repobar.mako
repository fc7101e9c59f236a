<%def name="count(value, words, address)"><a class="btn btn-xs btn-default num" href="${address}" aria-label="${words}">${number(value)}</a></%def>\
<%def name="followers()">${count(shell.bar.followers, _n("%(count)s follower", "%(count)s followers", shell.bar.followers), shell.bar.followers_address)}</%def>\
<%def name="forks()">${count(shell.bar.forks, _n("%(count)s fork", "%(count)s forks", shell.bar.forks), shell.bar.forks_address)}</%def>\
<section class="k-repobar" aria-label="${_('Repository')}">
  <nav aria-label="${_('Repository path')}"><ol class="k-crumbs">
% for crumb in shell.bar.crumbs:
<li${' class=here' if loop.last else ''}><a href="${crumb.address}">${crumb.name}</a></li>
% endfor
<li class="bare"><span class="k-kind ${shell.bar.kind}">${shell.bar.kind}</span></li>
<li class="bare"><span class="k-chip${'' if shell.bar.visibility == 'private' else ' k-hide-s'}">${shell.icon(visibility_icon(shell.bar.visibility))}${visibility_name(shell.bar.visibility)}</span></li>
</ol></nav>
  <nav aria-label="${_('Pages of the repository')}" class="k-tabs-w"><ul class="k-tabs">
% for tab in shell.bar.tabs:
    <li><a href="${tab.address}"${' aria-current=page' if tab.current else ''}>${shell.icon(tab.icon)}${tab.label}</a></li>
% endfor
  </ul></nav>
  <div class="acts">
% if shell.identity.signed_in:
<form class="k-btns" method="post" action="${shell.bar.follow_address}">${shell.csrf_field}<button class="btn btn-xs btn-default" type="submit">${shell.icon("eye-closed" if shell.bar.followed else "eye")}<span class="words">${_("Unfollow") if shell.bar.followed else _("Follow")}</span></button>${followers()}</form>
<div class="k-btns"><a class="btn btn-xs btn-default" href="${shell.bar.fork_address}" rel="nofollow">${shell.icon("repo-forked")}<span class="words">${_("Fork")}</span></a>${forks()}</div>
% else:
<div class="k-btns"><a class="btn btn-xs btn-default" href="${shell.bar.followers_address}">${shell.icon("eye")}<span class="words">${_("Followers")}</span></a>${followers()}</div>
<div class="k-btns"><a class="btn btn-xs btn-default" href="${shell.bar.forks_address}">${shell.icon("repo-forked")}<span class="words">${_("Forks")}</span></a>${forks()}</div>
% endif
</div>
</section>
