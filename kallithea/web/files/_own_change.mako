## Who changed a path last. repository: its path; commit: CommitLine
<%page args="repository, commit"/>
${shell.avatar(commit.avatar)}<b class="clip soft k-hide-n">${commit.author}</b><a class="quiet soft clip" href="${shell.links.changeset(repository, commit.commit_id)}">${commit.subject}</a><a class="k-hash" href="${shell.links.changeset(repository, commit.commit_id)}">${commit.short}</a><span class="muted nowrap">${shell.reader.ago_short(commit.when)}</span>\
