<%inherit file="/ui/layout.mako"/>
<%namespace name="sides" file="_sides.mako"/>
<%block name="title">${page.title} · ${page.path}</%block>
<%block name="main_class">wide</%block>
<div class="k-head"><h1>${_("Compare")}</h1>\
% if page.diff:
<a class="btn btn-default" href="${page.diff.tools.raw_address}">${shell.icon("file-diff")}${_("Raw diff")}</a>\
% endif
<a class="btn btn-default" href="${page.panel.choose_address}">${shell.icon("git-compare")}${_("Choose other sides")}</a></div>
<section class="k-panel mb-3" aria-label="${_('Sides')}"><div class="bd"><div class="k-br">
${sides.side(_("Base"), page.panel.base)}
<span class="arr">${shell.icon("arrow-right")}</span>
${sides.side(_("Compared with it"), page.panel.tip)}
</div></div><div class="ft small"><span class="k-seg xs" role="group" aria-label="${_('What is compared')}">\
% for choice in page.panel.dots:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span><span class="muted">${page.panel.words}</span>\
% if page.panel.ancestor:
<span class="muted">${page.panel.ancestor_words} <a class="k-hash" href="${page.panel.ancestor.address}">${page.panel.ancestor.name}</a></span>\
% else:
<span class="muted">${_("No common ancestor")}</span>\
% endif
<a class="ms-auto" href="${page.panel.swap_address}">${_("Swap sides")}</a></div></section>
% if page.commits:
<section class="k-panel mb-3" aria-label="${_('Commits')}"><div class="hd"><h2>${page.commits_words}</h2></div><table class="k-table k-log tight"><caption>${_("Only on the compared side, newest first")}</caption>
<%include file="/ui/_commit_rows.mako" args="commits=page.commits, address=page.changeset_address"/></table>
% if page.pager:
<div class="ft"><%include file="/ui/_pager.mako" args="pager=page.pager"/></div>
% endif
</section>
% endif
% if page.diff:
<%include file="/ui/_diff.mako" args="block=page.diff.block, tools=page.diff.tools"/>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("file-diff")}<h2>${_("Nothing in common")}</h2><p>${page.words}</p><a class="btn btn-default" href="${page.direct_address}">${_("Compare the tips")}</a></div></div>
% endif
