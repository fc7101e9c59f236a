## What is said of a changeset of Mercurial besides its phase. commit: CommitLine, address: how addresses of commits begin,
## most: so many successors are named
<%page args="commit, address, most"/>
% if commit.closes_branch:
<span class="k-chip">${_("Closes branch")}</span>\
% endif
% for mark in commit.instabilities:
<span class="k-chip warn" title="${mark.words}">${shell.icon("alert")}${mark.name}</span>\
% endfor
% if commit.obsolete:
<span class="k-chip">${_("Obsolete")}</span>\
% if commit.successors:
<span class="row-f small"><span class="muted" aria-hidden="true">${shell.icon("arrow-right")}</span><span class="vh">${_("Rewritten as")}</span>\
% for successor in commit.successors[:most]:
<a class="k-hash" href="${address}${successor.commit_id}">${successor.short}</a>\
% endfor
% if len(commit.successors) > most:
<a class="muted num" href="${address}${commit.commit_id}" aria-label="${_('All successors')}">+${number(len(commit.successors) - most)}</a>\
% endif
</span>\
% endif
% endif
