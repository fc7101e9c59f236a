<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(path)s at %(revision)s", path=page.position.path_text, revision=page.position.pick.name)} · ${page.position.repository}</%block>
<%block name="main_class">wide</%block>
<div class="k-cols tree${' outline' if page.shown.outline else ''}">
<nav class="k-tree k-stick k-hide-n" aria-label="${_('Files')}"><label class="k-filter mb-2">${shell.icon("search")}<span class="vh">${_("Filter these files")}</span><input type="search" placeholder="${_('Filter these files')}" data-filter="ftree"></label>
<ul id="ftree" data-part="${page.tree_address}"><li><a href="${page.position.parent_address}">${shell.icon("file-directory-fill", "dir")}<span class="clip">${_("The folder")}</span></a></li></ul></nav>
<div class="stack">
<%include file="/files/_position.mako"/>
<section class="k-panel edge" aria-label="${page.position.parts[-1].name}">
  <div class="k-filebar">\
% if page.views:
<span class="k-seg xs" role="group" aria-label="${_('How to show the file')}">\
% for choice in page.views:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span>\
% endif
<span class="muted num xs">\
% for fact in page.shown.facts:
<span class="nowrap">${fact}</span>${"" if loop.last else " · "}\
% endfor
</span>
    <span class="row-f wrap ms-auto justify-content-end"><a class="btn btn-default btn-xs" href="${page.position.find_address}" data-find title="${_('Find a file (t)')}">${shell.icon("search")}${_("Find file")}</a>
% if page.annotation_address:
<a class="btn btn-default btn-xs" href="${page.annotation_address}" data-annotate>${_("Show Annotation")}</a>
% endif
% if page.raw_address:
<span class="k-btns"><a class="btn btn-default btn-xs" href="${page.raw_address}">${_("Show as Raw")}</a><a class="btn btn-default btn-xs" href="${page.download_address}" aria-label="${_('Download as Raw')}">${shell.icon("download")}<span class="k-hide-n">${_("Download as Raw")}</span></a></span>
% endif
<a class="btn btn-default btn-xs" href="${page.position.history_address}">${shell.icon("history")}${_("History")}</a>
<%include file="/ui/_file_actions.mako" args="actions=page.actions"/></span></div>
% if page.shown.note:
  <div class="k-notice warn m-2">${shell.icon("alert")}<p>${page.shown.note} \
% if page.shown.document is not None:
<a href="${page.source_address}">${_("Show Source")}</a>\
% else:
% if page.shown.pager and page.shown.pager.next:
<a href="${page.shown.pager.next}">${_("Show the lines after these")}</a> · \
% endif
<a href="${page.raw_address}">${_("Show as Raw")}</a>\
% endif
</p></div>
% endif
% if page.shown.document is not None and page.shown.form.wide:
  <div class="k-scroll" tabindex="0" role="region" aria-label="${_('%(name)s as a document', name=page.position.parts[-1].name)}" data-source="${page.source_address}">${page.shown.document}</div>
% elif page.shown.document is not None:
  <div class="bd" data-source="${page.source_address}"><div class="k-prose">${page.shown.document}</div></div>
% elif page.shown.code is not None:
% if page.shown.outline:
## Translators: before the names of the class and the function in which the first visible line lies
  <div class="k-scope" data-scope><span class="k-hide-s">${_("In")}</span><span>${page.position.parts[-1].name}</span></div>
% endif
  <div class="k-scroll" tabindex="0" role="region" aria-label="${_('Source of %(name)s', name=page.position.parts[-1].name)}">
  <table class="k-code" data-lines><caption>${page.position.path_text}</caption><thead class="vh"><tr><th scope="col">${_("Line")}</th><th scope="col">${_("Code")}</th></tr></thead><tbody>
${page.shown.code.rows}  </tbody></table></div>
<%include file="/files/_linebar.mako" args="history=page.position.history_address, annotation=page.annotation_address, page_lines=page.annotated_at_once, elsewhere=page.source_address if page.shown.pager else None"/>
<%include file="/ui/_go_to_line.mako"/>
% if not page.shown.code.count:
  <p class="small muted m-0 px-3 py-2">${_("The file is empty.")}</p>
% endif
% elif page.inner:
  <div class="k-coll"><p class="any">\
% if page.inner.commit_address:
${_("This is another repository inside this one, at its commit %(commit)s.", commit=element("a", page.inner.commit_id, href=page.inner.commit_address))}\
% elif page.inner.commit_id:
${_("This is another repository inside this one, at its commit %(commit)s.", commit=page.inner.commit_id)}\
% else:
${_("This is another repository inside this one.")}\
% endif
</p>
% if page.inner.elsewhere:
<p class="any">${_("It comes from %(source)s.", source=element("a", page.inner.source, href=page.inner.source_address, rel="nofollow noopener noreferrer"))}</p>
% elif page.inner.source_address:
<p class="any">${_("It comes from %(source)s.", source=element("a", page.inner.source, href=page.inner.source_address))}</p>
% elif page.inner.source:
<p class="any">${_("It comes from %(source)s.", source=page.inner.source)}</p>
% endif
</div>
% elif page.shown.picture:
% if page.shown.drawn:
  <div class="bd text-center" data-source="${page.source_address}">\
% else:
  <div class="bd text-center">\
% endif
<img class="mw-100" src="${page.raw_address}" alt="${page.position.parts[-1].name}"></div>
% else:
  <div class="k-coll"><p class="any">${page.shown.words}</p>
% if page.raw_address:
<a class="btn btn-default btn-xs" href="${page.raw_address}">${_("Show as Raw")}</a>
% endif
</div>
% endif
</section>
% if page.shown.pager:
<%include file="/ui/_pager.mako" args="pager=page.shown.pager"/>
% endif
</div>
% if page.shown.outline:
<nav class="k-outline k-stick" aria-label="${_('Outline')}"><h2 class="k-side-t">${_("Outline")}</h2><ol>
% for entry in page.shown.outline:
<li${' class=m' if entry.depth else ''}><a href="#L${str(entry.first)}" data-last="${str(entry.last)}" title="${entry.name}">${entry.name}</a></li>
% endfor
</ol></nav>
% endif
</div>
