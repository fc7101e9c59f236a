## What is in a table of commits without the graph. commits: CommitLines, address: how addresses of commits begin
<%page args="commits, address"/>
<thead><tr><th scope="col">${_("Message")}</th><th scope="col" class="fit k-hide-n">${_("Author")}</th><th scope="col" class="fit k-hide-s">${_("Id")}</th><th scope="col" class="fit end">${_("Age")}</th></tr></thead><tbody>
% for commit in commits:
<tr${' class=mg' if commit.merge else ''}><td class="max"><div class="msg">\
% if commit.labels:
<%include file="/ui/_labels.mako" args="commit=commit, address=address + commit.commit_id"/>\
% endif
<a class="m clip" href="${address}${commit.commit_id}">${commit.subject}</a>\
<%include file="/ui/_marks.mako" args="commit=commit, address=address, most=1"/>\
</div></td><td class="fit small soft k-hide-n">${shell.avatar(commit.avatar, 18)} ${commit.author}</td><td class="fit k-hide-s"><a class="k-hash" href="${address}${commit.commit_id}">${commit.short}</a></td><td class="fit end small muted num">${shell.reader.ago_short(commit.when)}</td></tr>
% endfor
</tbody>
