<%inherit file="/ui/layout.mako"/>
<%block name="title">Annotate ${page.position.path_text} at ${page.position.pick.name} · ${page.position.repository}</%block>
<%block name="main_class">wide</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<section class="k-panel edge" aria-label="Annotated ${page.position.parts[-1].name}">
  <div class="k-filebar">\
% if page.rows:
<span class="k-legend">Older <i class="heat-9"></i><i class="heat-8"></i><i class="heat-7"></i><i class="heat-6"></i><i class="heat-5"></i><i class="heat-4"></i><i class="heat-3"></i><i class="heat-2"></i><i class="heat-1"></i><i class="heat-0"></i> Newer</span>\
% endif
<span class="muted num k-hide-s" data-authors-facts>${page.facts}</span>
    <span class="row-f wrap ms-auto">
% if page.choices:
<span class="k-seg xs" role="group" aria-label="Commits that the repository says wrote nothing">\
% for choice in page.choices:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span>\
% endif
<a class="btn btn-default btn-xs" href="${page.source_address}" data-annotate>Show Source</a><a class="btn btn-default btn-xs" href="${page.position.history_address}">${shell.icon("history")}History</a></span></div>
% if page.unknown and page.unknown.more_address:
  <div class="k-notice warn m-2" role="status" data-authors="${page.unknown.more_address}">${shell.icon("clock")}<p>${page.unknown.words} <a href="${page.unknown.more_address}" rel="nofollow">Take more time</a></p></div>
% elif page.unknown:
  <div class="k-notice warn m-2" role="status">${shell.icon("clock")}<p>${page.unknown.words}</p></div>
% endif
% if page.note:
  <div class="k-notice warn m-2">${shell.icon("alert")}<p>${page.note} <a href="${page.raw_address}">Show as Raw</a></p></div>
% endif
% if page.words:
  <div class="k-coll"><p>${page.words}</p><a class="btn btn-default btn-xs" href="${page.source_address}">Show Source</a></div>
% else:
  <div class="k-scroll" tabindex="0" role="region" aria-label="Annotated source of ${page.position.parts[-1].name}">
  <table class="k-code k-ann" data-lines><caption>${page.position.path_text}, each line with the commit that last changed it</caption><thead class="vh"><tr><th scope="col">Age</th><th scope="col">Commit</th><th scope="col">Line</th><th scope="col">Code</th></tr></thead>
${page.bodies(shell.icon("history", "i12"), shell.icon("skip", "i12"))}</table></div>
% endif
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
</div>
