<%def name="stat(added, deleted, blocks=True, css_class='')"><span class="k-stat ${css_class}"><span class="a">+${added}</span><span class="d">−${deleted}</span>\
% if blocks:
<svg viewBox="0 0 42 8" aria-hidden="true">\
% for block in stat_blocks(added, deleted):
<rect class="${block}" x="${loop.index * 8.6}" width="7" height="8" rx="1"/>\
% endfor
</svg>\
% endif
<span class="vh"> lines added and removed</span></span></%def>
<%def name="file(file, diff_address)">
<section class="k-file" id="${file.anchor}" aria-label="${file.path}">
<div class="fh"><input class="fold" type="checkbox" aria-label="Fold ${file.path}"${' checked' if file.folded else ''}><h2 class="fn">\
% if file.folder:
<span class="dir">${file.folder}</span>\
% endif
${file.name}</h2><button class="btn btn-ghost btn-xs k-hide-s" type="button" data-copy="${file.path}" aria-label="Copy path">${shell.icon("copy")}</button>${stat(file.added, file.deleted)}
% if file.folded:
<span class="k-chip">Folded: ${number(file.added + file.deleted)} changed lines</span>
% endif
% if file.note:
<span class="k-chip">${file.note}</span>
% endif
<span class="acts">\
% if file.address:
<a class="k-hide-s" href="${file.address}">View file</a>\
% endif
<label class="k-seen"><input class="form-check-input" type="checkbox">Viewed</label></span></div>
<div class="k-body">
% if file.hunks:
<table class="k-diff"><caption>Changes in ${file.path}</caption><colgroup><col class="n"><col class="n"><col class="m"><col></colgroup>
<thead class="vh"><tr><th scope="col">Old line</th><th scope="col">New line</th><th scope="col">Change</th><th scope="col">Code</th></tr></thead>
<tbody>
% for hunk in file.hunks:
<tr class="hunk"><td colspan="2"></td><td class="mk"></td><td class="src"><span class="muted">@@ ${hunk.range} @@</span> <span class="fnx">${hunk.section}</span></td></tr>
% for row in hunk.rows:
<tr class="${row.css_class}" id="${file.anchor}-${'n%d' % row.new_number if row.new_number else 'o%d' % row.old_number}"><td class="ln">\
% if row.old_number:
<a href="#${file.anchor}-${'n%d' % row.new_number if row.new_number else 'o%d' % row.old_number}" tabindex="-1">${row.old_number}</a>\
% endif
</td><td class="ln">\
% if row.new_number:
<a href="#${file.anchor}-n${row.new_number}" tabindex="-1">${row.new_number}</a>\
% endif
</td><td class="mk">${row.sign}</td><td class="src">${row.code}\
% if row.no_newline:
 <span class="muted">(no end of line)</span>\
% endif
</td></tr>
% endfor
% endfor
</tbody></table>
% endif
% if file.words:
<div class="k-coll"><p>${file.words}</p><a class="btn btn-default btn-xs" href="${diff_address}">Show the raw diff</a></div>
% endif
</div>
</section>
</%def>
