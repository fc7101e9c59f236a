<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Annotate %(path)s at %(revision)s", path=page.position.path_text, revision=page.position.pick.name)} · ${page.position.repository}</%block>
<%block name="main_class">wide</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<section class="k-panel edge" aria-label="${_('Annotated %(name)s', name=page.position.parts[-1].name)}">
  <div class="k-filebar">\
% if page.rows:
## Translators: the ends of a scale of colours, for the ages of lines.
<span class="k-legend">${_("Older")} <i class="heat-9"></i><i class="heat-8"></i><i class="heat-7"></i><i class="heat-6"></i><i class="heat-5"></i><i class="heat-4"></i><i class="heat-3"></i><i class="heat-2"></i><i class="heat-1"></i><i class="heat-0"></i> ${_("Newer")}</span>\
% endif
<span class="muted num k-hide-s" data-authors-facts>${page.facts}</span>
    <span class="row-f wrap ms-auto">
% if page.switches:
<details class="k-menu d-only-s"><summary class="btn btn-default btn-xs">${_("Options")}\
% if page.options_on:
 <span class="k-count">${number(page.options_on)}</span>\
% endif
${shell.icon("triangle-down", "i12")}</summary><div class="k-pop">
% for choice in (*page.switches, *page.choices):
<a href="${choice.address}" rel="nofollow"${' aria-current=true' if choice.current else ''}>\
% if choice.current:
${shell.icon("check")}\
% else:
<span class="ico"></span>\
% endif
${choice.words}</a>
% endfor
</div></details>
% endif
% if page.choices:
<span class="k-seg xs k-hide-n" role="group" aria-label="${_('Commits that the repository says wrote nothing')}">\
% for choice in page.choices:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span>\
% endif
% for switch in page.switches:
<a class="btn btn-default btn-xs k-hide-n" href="${switch.address}" rel="nofollow"${' aria-current=true' if switch.current else ''}>${switch.words}</a>\
% endfor
<a class="btn btn-default btn-xs" href="${page.position.find_address}" data-find title="${_('Find a file (t)')}">${shell.icon("search")}${_("Find file")}</a><a class="btn btn-default btn-xs" href="${page.source_address}" data-annotate>${_("Show Source")}</a><a class="btn btn-default btn-xs" href="${page.position.history_address}">${shell.icon("history")}${_("History")}</a></span></div>
% if page.unknown and page.unknown.more_address:
  <div class="k-notice warn m-2" role="status" data-authors="${page.unknown.more_address}">${shell.icon("clock")}<p>${page.unknown.words} <a href="${page.unknown.more_address}" rel="nofollow">${_("Take more time")}</a></p></div>
% elif page.unknown:
  <div class="k-notice warn m-2" role="status">${shell.icon("clock")}<p>${page.unknown.words}</p></div>
% endif
% if page.note:
  <div class="k-notice warn m-2">${shell.icon("alert")}<p>${page.note} <a href="${page.raw_address}">${_("Show as Raw")}</a></p></div>
% endif
% if page.words:
  <div class="k-coll"><p>${page.words}</p><a class="btn btn-default btn-xs" href="${page.source_address}">${_("Show Source")}</a></div>
% else:
  <div class="k-scroll" tabindex="0" role="region" aria-label="${_('Annotated source of %(name)s', name=page.position.parts[-1].name)}">
  <table class="k-code k-ann" data-lines><caption>${_("%(path)s, each line with the commit that last changed it", path=page.position.path_text)}</caption><thead class="vh"><tr><th scope="col">${_("Age")}</th><th scope="col">${_("Commit")}</th><th scope="col">${_("Line")}</th><th scope="col">${_("Code")}</th></tr></thead>
${page.bodies(shell.icon("history", "i12"), shell.icon("skip", "i12"), shell.reader.say)}</table></div>
<%include file="/files/_linebar.mako" args="history=page.position.history_address, elsewhere=page.own_address if page.pager else None, at_once=page.at_once"/>
<%include file="/ui/_go_to_line.mako"/>
% endif
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
</div>
