<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Find a file at %(revision)s", revision=page.position.pick.name)} · ${page.position.repository}</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<form class="row-f" action="${page.address}" role="search" aria-label="${_('Files of this commit')}">
% if page.at:
<input type="hidden" name="at" value="${page.at}">
% endif
<label class="k-filter grow">${shell.icon("search")}<span class="vh">${_("Letters of the path")}</span><input type="search" name="q" value="${page.wanted}" placeholder="${_('Letters of the path')}" autocomplete="off" autofocus data-find="${page.names_address}" data-before="${page.address_before}" data-after="${page.address_after}" data-counted="${_('%(found)s of %(all)s files', found='{found}', all='{all}')}" data-best="${page.best_words}" data-none="${_('No file has these letters in this order.')}" data-failed="${_('The names of the files could not be read.')}"></label><button class="btn btn-default" type="submit">${_("Find")}</button></form>
<section class="k-panel" aria-label="${_('Files found')}">
<ul class="k-list" data-found>
% for file in page.found:
<li><a class="any" href="${file.address}">${file.name}</a></li>
% endfor
</ul>
<div class="ft small muted" role="status" data-found-words>\
% if not page.wanted:
${_("Type some letters of a path, in their order: %(letters)s finds %(path)s.", letters=element("kbd", "wvi"), path=element("code", "web/views.py"))}\
% elif not page.found:
${_("No file has these letters in this order.")} ${page.words}\
% elif page.more:
${page.words} ${page.best_words}\
% else:
${page.words}\
% endif
</div>
</section>
</div>
