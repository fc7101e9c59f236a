## The refs at a commit of a list. commit: CommitLine, address: of the page that has more of them
<%page args="commit, address"/>
% for label in commit.labels:
<span class="k-ref ${label.css_class}">${shell.icon(label.icon)}<span class="clip">${label.name}</span></span>\
% endfor
% if commit.more_labels:
<a class="k-ref num" href="${address}" aria-label="${_n('%(count)s more branch, bookmark or tag', '%(count)s more branches, bookmarks and tags', commit.more_labels)}">+${number(commit.more_labels)}</a>\
% endif
