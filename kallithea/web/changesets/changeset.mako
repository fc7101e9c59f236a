<%inherit file="/ui/layout.mako"/>
<%namespace name="parts" file="/changesets/_parts.mako"/>
<%block name="title">${page.commit.subject} · ${page.path}</%block>
<%block name="main_class">wide</%block>
<section class="k-panel mb-2" aria-label="${page.word.capitalize()}">
  <div class="bd"><div class="row-f top wrap"><div class="grow"><h1>${page.commit.subject}</h1></div><span class="row-f"><a class="btn btn-default btn-xs" href="${page.files_address}">${shell.icon("code")}Browse files</a>\
% if page.parents:
<a class="btn btn-default btn-xs" href="${page.parents[0].address}" aria-label="Parent ${page.word}">${shell.icon("arrow-left")}</a>\
% endif
<details class="k-menu"><summary class="btn btn-default btn-xs" aria-label="More">${shell.icon("kebab-horizontal")}</summary><div class="k-pop r"><a href="${page.diff_address}">${shell.icon("file-diff")}Raw diff</a><a href="${page.patch_address}">${shell.icon("file")}Patch</a><a href="${page.download_address}">${shell.icon("download")}Download diff</a></div></details></span></div>
% if page.body:
  <p class="soft mt-1 mb-3 k-message">${page.body}</p>
% endif
  <div class="row-f wrap small">${shell.avatar(page.commit.avatar)}<b>${page.commit.author}</b><span class="muted">authored ${ago(page.commit.when, shell.now)}\
% if page.committer:
, committed by ${page.committer}\
% endif
</span>\
% if page.commit.phase and page.commit.phase != "Public":
<span class="k-chip">${page.commit.phase}</span>\
% endif
% if page.commit.obsolete:
<span class="k-chip">Obsolete</span>\
% endif
</div></div>
  <div class="ft small"><span class="muted">${page.word.capitalize()}</span><code class="text-break">${page.commit.commit_id}</code><button class="btn btn-ghost btn-xs" type="button" data-copy="${page.commit.commit_id}" aria-label="Copy hash">${shell.icon("copy")}</button>\
% if page.parents:
<span class="muted">${plural(len(page.parents), "Parent")}</span>\
% for parent in page.parents:
<a class="k-hash" href="${parent.address}">${parent.name}</a>\
% endfor
% endif
% if page.commit.branch:
<span class="k-ref ${'' if page.commit.branch == 'default' else 'branch'}">${shell.icon("git-branch")}${page.commit.branch}</span>\
% endif
% for label in page.commit.labels:
% if not (page.commit.branch and label.css_class == "branch"):
<span class="k-ref ${label.css_class}">${shell.icon(label.icon)}${label.name}</span>\
% endif
% endfor
</div>
</section>
<div class="k-difftools">
  <details class="k-menu k-jump"><summary class="btn btn-default btn-xs">${shell.icon("list-unordered")}Files${shell.icon("triangle-down", "i12")}</summary><div class="k-pop">
% for file in page.files:
<a href="#${file.anchor}"><span class="clip grow mono small">${file.path}</span>${parts.stat(file.added, file.deleted, False)}</a>
% endfor
</div></details><span class="row-f small"><b class="num">${number(len(page.files))} ${plural(len(page.files), "file")}</b>${parts.stat(page.added, page.deleted)}</span>
  <span class="row-f small muted k-hide-n"><progress data-seen max="${max(len(page.files), 1)}" value="0" aria-label="Files viewed"></progress><span class="num"><span data-seen-n>0</span> of ${len(page.files)} viewed</span></span>
  <span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs k-hide-s" type="button" data-word aria-pressed="true" title="Emphasise changed words (w)">Words</button></span>
</div>
<div class="k-cols tree">
<nav class="k-tree k-stick k-hide-n" aria-label="Changed files"><label class="k-filter mb-2">${shell.icon("filter")}<span class="vh">Filter changed files</span><input type="search" placeholder="Filter files" data-filter="dtree"></label>
<ul id="dtree">
% for folder in page.folders:
% if folder.name:
<li><details open><summary>${shell.icon("chevron-right", "chev")}${shell.icon("file-directory-open-fill", "dir")}<span class="clip">${folder.name}</span></summary><ul>
% endif
% for file in folder.files:
<li><a href="#${file.anchor}">${shell.icon(file.icon)}<span class="clip">${file.name}</span>${parts.stat(file.added, file.deleted, False, "xs")}</a></li>
% endfor
% if folder.name:
</ul></details></li>
% endif
% endfor
</ul></nav>
<div>
% if page.cut_words:
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${page.cut_words} <a href="${page.diff_address}">Show the raw diff</a></p></div>
% endif
% for file in page.files:
${parts.file(file, page.diff_address)}
% endfor
% if not page.files:
<div class="k-panel"><div class="k-empty">${shell.icon("file-diff")}<h2>No changes</h2><p>Against its first parent this ${page.word} changes no file.</p></div></div>
% endif
</div></div>
<div class="k-keys" aria-label="Keyboard hints" role="note"><span><kbd>j</kbd> <kbd>k</kbd> change</span><span><kbd>n</kbd> <kbd>p</kbd> file</span><span><kbd>v</kbd> viewed</span><span><kbd>w</kbd> words</span><span><kbd>?</kbd> all shortcuts</span></div>
