<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.position.path_text} at ${page.position.pick.name} · ${page.position.repository}</%block>
<%block name="main_class">wide</%block>
<div class="k-cols tree">
<nav class="k-tree k-stick k-hide-n" aria-label="Files"><label class="k-filter mb-2">${shell.icon("search")}<span class="vh">Find a file among these</span><input type="search" placeholder="Find a file" data-filter="ftree"><kbd>t</kbd></label>
<ul id="ftree">${nodes(page.tree)}</ul></nav>
<div class="stack">
<%include file="/files/_position.mako"/>
<section class="k-panel edge" aria-label="${page.position.parts[-1].name}">
  <div class="k-filebar"><span class="muted num xs">\
% for fact in page.facts:
<span class="nowrap">${fact}</span>${"" if loop.last else " · "}\
% endfor
</span>
    <span class="row-f wrap ms-auto">
% if page.raw_address:
<span class="k-btns"><a class="btn btn-default btn-xs" href="${page.raw_address}">Show as Raw</a><a class="btn btn-default btn-xs" href="${page.download_address}" aria-label="Download as Raw">${shell.icon("download")}<span class="k-hide-n">Download as Raw</span></a></span>
% endif
<a class="btn btn-default btn-xs" href="${page.position.history_address}">${shell.icon("history")}History</a></span></div>
% if page.note:
  <div class="k-notice warn m-2">${shell.icon("alert")}<p>${page.note} <a href="${page.raw_address}">Show as Raw</a></p></div>
% endif
% if page.lines is not None:
  <div class="k-scroll" tabindex="0" role="region" aria-label="Source of ${page.position.parts[-1].name}">
  <table class="k-code" data-lines><caption>${page.position.path_text}</caption><thead class="vh"><tr><th scope="col">Line</th><th scope="col">Code</th></tr></thead><tbody>
% for line in page.lines:
<tr id="L${loop.index + 1}"><td class="ln"><a href="#L${loop.index + 1}" tabindex="-1">${loop.index + 1}</a></td><td class="src">${line}</td></tr>
% endfor
  </tbody></table></div>
% if not page.lines:
  <p class="small muted m-0 px-3 py-2">The file is empty.</p>
% endif
% elif page.image_address:
  <div class="bd text-center"><img class="mw-100" src="${page.image_address}" alt="${page.position.parts[-1].name}"></div>
% else:
  <div class="k-coll"><p>${page.words}</p>
% if page.raw_address:
<a class="btn btn-default btn-xs" href="${page.raw_address}">Show as Raw</a>
% endif
</div>
% endif
</section>
</div>
</div>
<%def name="nodes(children)">
% for node in children:
% if node.children is None:
<li><a href="${node.address}"${' aria-current=page' if node.current else ''}>${shell.icon(node.icon, "dir" if node.icon.startswith("file-directory") else "")}<span class="clip">${node.name}</span></a></li>
% else:
<li><details open><summary>${shell.icon("chevron-right", "chev")}${shell.icon(node.icon, "dir")}<span class="clip">${node.name}</span></summary><ul>${nodes(node.children)}</ul></details></li>
% endif
% endfor
</%def>
