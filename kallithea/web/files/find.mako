<%inherit file="/ui/layout.mako"/>
<%block name="title">Find a file at ${page.position.pick.name} · ${page.position.repository}</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<form class="row-f" action="${page.address}" role="search" aria-label="Files of this commit">
% if page.at:
<input type="hidden" name="at" value="${page.at}">
% endif
<label class="k-filter grow">${shell.icon("search")}<span class="vh">Letters of the path</span><input type="search" name="q" value="${page.wanted}" placeholder="Letters of the path" autocomplete="off" autofocus data-find="${page.names_address}" data-before="${page.address_before}" data-after="${page.address_after}"></label><button class="btn btn-default" type="submit">Find</button></form>
<section class="k-panel" aria-label="Files found">
<ul class="k-list" data-found>
% for file in page.found:
<li><a class="any" href="${file.address}">${file.name}</a></li>
% endfor
</ul>
<div class="ft small muted" role="status" data-found-words>\
% if not page.wanted:
Type some letters of a path, in their order: <kbd>wvi</kbd> finds <code>web/views.py</code>.\
% elif not page.found:
No file has these letters in this order. ${page.words}\
% else:
${page.words}\
% endif
</div>
</section>
</div>
