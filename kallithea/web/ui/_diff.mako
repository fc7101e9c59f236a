## A diff with its tools: block: DiffBlock, tools: DiffTools
<%page args="block, tools"/>
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
% if block.problem:
${parts.problem(block.problem, '' if block.too_large else tools.raw_address)}
% else:
<div class="k-difftools" data-lines-above="${_('Show unchanged lines above line %(number)s', number='#')}" data-lines-from="${_('Show unchanged lines from line %(number)s', number='#')}">
  <details class="k-menu k-jump"><summary class="btn btn-default btn-xs">${shell.icon("list-unordered")}${_("Files")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop">${block.menu}</div></details><span class="row-f small"><b class="num">${_n("%(count)s file", "%(count)s files", block.total)}</b>\
% if block.lacks_counts:
<span class="muted">${_("lines not counted")}</span>\
% else:
${parts.stat(block.added, block.deleted)}\
% endif
</span>
  <span class="row-f small muted k-hide-n"><progress data-seen max="${max(block.files, 1)}" value="0" aria-label="${_('Files viewed')}"></progress><span class="num">\
% if block.files < block.total:
${_("%(seen)s of %(count)s viewed on this page", seen=element("span", "0", data_seen_n=""), count=block.files)}\
% else:
${_("%(seen)s of %(count)s viewed", seen=element("span", "0", data_seen_n=""), count=block.files)}\
% endif
</span></span>
  <span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs k-hide-s" type="button" data-word aria-pressed="true" title="${_('Emphasise changed words (w)')}">${_("Words")}</button>
<details class="k-menu"><summary class="btn btn-default btn-xs">${tools.whitespace_words}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r">
% for choice in tools.whitespace:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>
% endfor
</div></details>
<span class="k-seg xs" role="group" aria-label="${_('Diff layout')}">\
% for choice in tools.layouts:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span></span>
% if tools.viewed_address:
<form data-viewed method="post" action="${tools.viewed_address}" hidden>${shell.csrf_field}</form>
% endif
</div>
% for note in block.notes:
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${note} <a href="${tools.raw_address}">${_("Show the raw diff")}</a></p></div>
% endfor
<div class="k-cols tree">
<nav class="k-tree k-stick k-hide-n" aria-label="${_('Changed files')}"><label class="k-filter mb-2">${shell.icon("filter")}<span class="vh">${_("Filter changed files")}</span><input type="search" placeholder="${_('Filter files')}" data-filter="dtree"></label>
<ul id="dtree">${block.tree}</ul></nav>
<div>
% if tools.pager:
<%include file="/ui/_pager.mako" args="pager=tools.pager"/>
% endif
${block.place}
% if tools.pager and block.files:
<%include file="/ui/_pager.mako" args="pager=tools.pager"/>
% endif
% if block.total and not block.files:
<div class="k-panel"><div class="k-empty">${shell.icon("file-diff")}<h2>${_("No files on this page")}</h2><p>${_n("The %(count)s changed file is on an earlier page.", "All %(count)s changed files are on earlier pages.", block.total)}</p><a class="btn btn-default" href="${tools.first_address}">${_("First page")}</a></div></div>
% endif
% if not block.total:
<div class="k-panel"><div class="k-empty">${shell.icon("file-diff")}<h2>${_("No changes")}</h2><p>${tools.empty_words}</p></div></div>
% endif
</div></div>
% if block.files:
<div class="k-keys" aria-label="${_('Keyboard hints')}" role="note">
## Translators: this, "file", "viewed", "words" and "layout" stand beside keys that lead to the next one, or switch it.
<span><kbd>j</kbd> <kbd>k</kbd> ${_("change")}</span><span><kbd>n</kbd> <kbd>p</kbd> ${_("file")}</span><span><kbd>v</kbd> ${_("viewed")}</span><span><kbd>w</kbd> ${_("words")}</span><span><kbd>s</kbd> ${_("layout")}</span><span><kbd>?</kbd> ${_("all shortcuts")}</span></div>
% endif
% endif
