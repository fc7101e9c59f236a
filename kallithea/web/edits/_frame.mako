## Where the visitor is, which branch moves, and what happened meanwhile.
<div class="row-f wrap mb-3"><h1 class="m-0">${page.title}</h1><span class="k-path"><a href="${page.frame.root_address}">${page.frame.root_name}</a>\
% for part in page.frame.parts:
<span class="sep">/</span><a href="${part.address}">${part.name}</a>\
% endfor
</span><span class="row-f small ms-auto">\
## Translators: before the name of the branch or bookmark that a change moves
<span class="muted">${_("On")}</span><span class="k-ref ${page.frame.branch.css_class}">${shell.icon(page.frame.branch.icon)}${page.frame.branch.name}</span></span></div>
% if page.frame.others:
<div class="k-notice mb-3">${shell.icon("info")}<p>\
% if page.frame.mercurial:
${_("This changeset is the head of other branches as well. Only %(branch)s moves.", branch=page.frame.branch.name)} \
% else:
${_("This commit is the head of other branches as well. Only %(branch)s moves.", branch=page.frame.branch.name)} \
% endif
## Translators: before the names of other branches
${_("Instead:")} \
% for other in page.frame.others:
<a href="${other.address}">${other.name}</a>${"" if loop.last else ", "}\
% endfor
</p></div>
% endif
% if "" in page.problems:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problems[""]}</p></div>
% endif
% if page.conflict and page.conflict.commit is None:
<div class="k-notice bad mb-3" id="conflict" role="alert">${shell.icon("alert")}<p>${_("%(branch)s does not exist any more. Nothing was saved; what you wrote is below.", branch=page.conflict.branch.name)} <a href="${shell.links.repository(page.frame.repository, 'branches')}">${_("All branches")}</a></p></div>
% elif page.conflict:
<div class="k-notice ${'warn' if page.conflict.same else 'bad'} mb-3" id="conflict" role="alert">${shell.icon("alert")}<div><p>${_("%(branch)s has changed while you wrote, so nothing was saved. It is now at %(commit)s by %(author)s: %(subject)s (%(age)s).", branch=page.conflict.branch.name, commit=element("a", page.conflict.commit.short, class_="k-hash", href=shell.links.changeset(page.frame.repository, page.conflict.commit.commit_id)), author=element("b", say(page.conflict.commit.author)), subject=page.conflict.commit.subject, age=shell.reader.ago(page.conflict.commit.when))}
% if page.conflict.compare_address:
<a href="${page.conflict.compare_address}">${_("All that changed")}</a>
% endif
</p>
% if page.conflict.same:
<p>${_("What you change here is as it was. You can save on top of it.")}</p>
% else:
<p>\
% if page.conflict.file_address and page.conflict.now_address:
${_("This file has changed as well: %(difference)s, %(now)s. Nothing of that is overwritten unless you say so below.", difference=element("a", say(page.conflict.difference_words), href=page.conflict.file_address, target="_blank", rel="noopener"), now=element("a", say(page.conflict.now_words), href=page.conflict.now_address, target="_blank", rel="noopener"))}\
% elif page.conflict.file_address or page.conflict.now_address:
${_("This file has changed as well: %(link)s. Nothing of that is overwritten unless you say so below.", link=element("a", say(page.conflict.difference_words if page.conflict.file_address else page.conflict.now_words), href=page.conflict.file_address or page.conflict.now_address, target="_blank", rel="noopener"))}\
% else:
${_("This file has changed as well. Nothing of that is overwritten unless you say so below.")}\
% endif
</p>
% endif
</div></div>
% endif
