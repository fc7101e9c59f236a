## Where the visitor is, which branch moves, and what happened meanwhile.
<div class="row-f wrap mb-3"><h1 class="m-0">${page.title}</h1><span class="k-path"><a href="${page.frame.root_address}">${page.frame.root_name}</a>\
% for part in page.frame.parts:
<span class="sep">/</span><a href="${part.address}">${part.name}</a>\
% endfor
</span><span class="row-f small ms-auto"><span class="muted">On</span><span class="k-ref ${page.frame.branch.css_class}">${shell.icon(page.frame.branch.icon)}${page.frame.branch.name}</span></span></div>
% if page.frame.others:
<div class="k-notice mb-3">${shell.icon("info")}<p>This ${page.frame.word} is the head of other branches as well. Only ${page.frame.branch.name} moves. Instead: \
% for other in page.frame.others:
<a href="${other.address}">${other.name}</a>${"" if loop.last else ", "}\
% endfor
</p></div>
% endif
% if "" in page.problems:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problems[""]}</p></div>
% endif
% if page.conflict and page.conflict.commit is None:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.conflict.branch.name} does not exist any more. Nothing was saved; what you wrote is below. <a href="${shell.links.repository(page.frame.repository, 'branches')}">All branches</a></p></div>
% elif page.conflict:
<div class="k-notice ${'warn' if page.conflict.same else 'bad'} mb-3" role="alert">${shell.icon("alert")}<div><p>${page.conflict.branch.name} has changed while you wrote, so nothing was saved. It is now at <a class="k-hash" href="${shell.links.changeset(page.frame.repository, page.conflict.commit.commit_id)}">${page.conflict.commit.short}</a> by <b>${page.conflict.commit.author}</b>: ${page.conflict.commit.subject} (${shell.reader.ago(page.conflict.commit.when)}).
% if page.conflict.compare_address:
<a href="${page.conflict.compare_address}">All that changed</a>
% endif
</p>
% if page.conflict.same:
<p>What you change here is as it was. You can save on top of it.</p>
% else:
<p>This file has changed as well: \
% if page.conflict.file_address:
<a href="${page.conflict.file_address}" target="_blank" rel="noopener">what changed in it</a>\
% endif
% if page.conflict.now_address:
${", " if page.conflict.file_address else ""}<a href="${page.conflict.now_address}" target="_blank" rel="noopener">the file as it is now</a>\
% endif
. Take from below what you want to keep, and write it there.</p>
% endif
</div></div>
% endif
