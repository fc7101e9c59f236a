<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.commit.subject} · ${page.path}</%block>
<%block name="main_class">wide</%block>
<a href="${shell.links.files_find(page.path, page.commit.commit_id)}" data-find hidden>${_("Find file")}</a>
<section class="k-panel mb-2" aria-label="${_('Changeset') if page.mercurial else _('Commit')}">
  <div class="bd"><div class="row-f top wrap"><div class="k-subject"><h1>${page.subject}</h1></div><span class="row-f ms-auto"><a class="btn btn-default btn-xs" href="${page.files_address}">${shell.icon("code")}${_("Browse files")}</a>\
<span class="k-btns">\
% if page.parents:
<a class="btn btn-default btn-xs" href="${page.parents[0].address}" aria-label="${_('Parent changeset') if page.mercurial else _('Parent commit')}">${shell.icon("arrow-left")}</a>\
% endif
<a class="btn btn-default btn-xs" href="${page.children_address}" rel="nofollow" aria-label="${_('Child changeset') if page.mercurial else _('Child commit')}">${shell.icon("arrow-right")}</a></span>\
<details class="k-menu"><summary class="btn btn-default btn-xs" aria-label="${_('More')}">${shell.icon("kebab-horizontal")}</summary><div class="k-pop r"><a href="${page.diff_address}">${shell.icon("file-diff")}${_("Raw diff")}</a><a href="${page.patch_address}">${shell.icon("file")}${_("Patch")}</a><a href="${page.download_address}">${shell.icon("download")}${_("Download diff")}</a></div></details></span></div>
% if page.body:
  <p class="soft mt-1 mb-3 k-message">${page.body}</p>
% endif
  <div class="row-f wrap small">${shell.avatar(page.commit.avatar)}<b>${page.commit.author}</b><span class="muted">\
% if page.committer:
${_("authored %(age)s, committed by %(committer)s", age=shell.reader.ago(page.commit.when), committer=page.committer)}\
% else:
${_("authored %(age)s", age=shell.reader.ago(page.commit.when))}\
% endif
</span>\
% if page.commit.phase and page.commit.phase != "Public":
<span class="k-chip">${page.commit.phase}</span>\
% endif
<%include file="/ui/_marks.mako" args="commit=page.commit, address=page.changeset_address, most=20"/>\
</div></div>
  <div class="ft small"><span class="muted">${_("Changeset") if page.mercurial else _("Commit")}</span><code class="text-break">${page.commit.commit_id}</code><button class="btn btn-ghost btn-xs" type="button" data-copy="${page.commit.commit_id}" aria-label="${_('Copy hash')}" data-copied="${_('Copied')}">${shell.icon("copy")}</button>\
% if page.parents:
<span class="muted">${_n("Parent", "Parents", len(page.parents))}</span>\
% for parent in page.parents:
<a class="k-hash" href="${parent.address}">${parent.name}</a>\
% endfor
% if page.further_parents:
<span class="muted">${_n("and %(count)s more", "and %(count)s more", page.further_parents)}</span>\
% endif
% endif
% if page.commit.branch:
<span class="k-ref ${'' if page.commit.branch == 'default' else 'branch'}">${shell.icon("git-branch")}${page.commit.branch}</span>\
% endif
% if page.commit.labels:
<%include file="/ui/_labels.mako" args="commit=page.commit, address=shell.links.repository(page.path, 'branches')"/>\
% endif
</div>
</section>
% if page.parent_choices:
<div class="row-f wrap small mb-2">\
## Translators: before the names of the parents with which a merge can be compared
<span class="muted">${_("Against")}</span><span class="k-seg xs" role="group" aria-label="${_('Compared with')}">\
% for choice in page.parent_choices:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span></div>
% endif
% if page.combined:
<%include file="/changesets/_combined.mako" args="view=page.combined"/>
% else:
<%include file="/ui/_diff.mako" args="block=page.diff.block, tools=page.diff.tools"/>
% endif
