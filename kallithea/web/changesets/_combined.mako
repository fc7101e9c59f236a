## A merge against all its parents. view: CombinedView
<%page args="view"/>
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
% if view.problem:
${parts.problem(view.problem)}
% else:
<div class="k-difftools"><span class="row-f small"><b>${view.words}</b></span><span class="row-f small muted">${_("Lines that a single parent explains are left out.")}</span></div>
% if view.cut_words:
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${view.cut_words}</p></div>
% endif
% for file in view.files:
<section class="k-file" id="${file.anchor}" aria-label="${file.path}">
<div class="fh"><input class="fold" type="checkbox" aria-label="${_('Fold %(file)s', file=file.path)}"><h2 class="fn">${file.path}</h2>\
% if file.note:
<span class="k-chip any">${file.note}</span>\
% endif
<span class="acts">\
% if file.address:
<a class="k-hide-s" href="${file.address}">${_("View file")}</a>\
% endif
</span></div>
<div class="k-body">
% if file.rows:
<table class="k-diff"><caption>${_("Changes in %(file)s against all parents", file=file.path)}</caption><colgroup>\
% for column in range(view.parents + 2):
<col class="n">\
% endfor
<col></colgroup><thead class="vh"><tr>\
% for column in range(view.parents):
<th scope="col">${_("Line in parent %(number)s", number=column + 1)}</th>\
% endfor
<th scope="col">${_("Line")}</th><th scope="col">${_("Changes")}</th><th scope="col">${_("Code")}</th></tr></thead><tbody>
${file.rows}</tbody></table>
% endif
% if file.words:
<div class="k-coll"><p>${file.words}</p></div>
% endif
</div>
</section>
% endfor
% endif
