## A merge against all its parents. view: CombinedView
<%page args="view"/>
<div class="k-difftools"><span class="row-f small"><b>${view.words}</b></span><span class="row-f small muted">Lines that a single parent explains are left out.</span></div>
% if view.cut_words:
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${view.cut_words}</p></div>
% endif
% for file in view.files:
<section class="k-file" id="${file.anchor}" aria-label="${file.path}">
<div class="fh"><input class="fold" type="checkbox" aria-label="Fold ${file.path}"><h2 class="fn">${file.path}</h2>\
% if file.note:
<span class="k-chip any">${file.note}</span>\
% endif
<span class="acts">\
% if file.address:
<a class="k-hide-s" href="${file.address}">View file</a>\
% endif
</span></div>
<div class="k-body">
% if file.rows:
<table class="k-diff"><caption>Changes in ${file.path} against all parents</caption><colgroup>\
% for column in range(view.parents + 2):
<col class="n">\
% endfor
<col></colgroup><thead class="vh"><tr>\
% for column in range(view.parents):
<th scope="col">Line in parent ${column + 1}</th>\
% endfor
<th scope="col">Line</th><th scope="col">Changes</th><th scope="col">Code</th></tr></thead><tbody>
${file.rows}</tbody></table>
% endif
% if file.words:
<div class="k-coll"><p>${file.words}</p></div>
% endif
</div>
</section>
% endfor
