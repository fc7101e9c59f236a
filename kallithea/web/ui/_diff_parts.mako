## Parts of every diff.
<%def name="problem(words, raw_address='')">
<div class="k-notice warn mb-3">${shell.icon("alert")}<p>${words} ${_("So the changed files are not shown here. The files themselves can be browsed, and a clone shows what changed.")}\
% if raw_address:
 <a href="${raw_address}">${_("Show the raw diff")}</a>\
% endif
</p></div>
</%def>
<%def name="stat(added, deleted, blocks=True, css_class='')">\
% if added is not None:
<span class="k-stat ${css_class}"><span class="a">+${added}</span><span class="d">&minus;${deleted}</span>\
% if blocks:
## Translators: after two numbers, such as "+3 −4", for those who listen.
${stat_blocks(added, deleted)}<span class="vh"> ${_("lines added and removed")}</span>\
% endif
</span>\
% endif
</%def>
<%def name="rows(shown)">
% if shown.left_out:
<div class="k-coll"><p>${shown.left_out.words}</p>\
% if shown.left_out.address:
<a class="btn btn-default btn-xs" href="${shown.left_out.address}">${_("Show as Raw")}</a>\
% endif
</div>
% endif
% if shown.rows:
<table class="k-diff${' split' if shown.split else ''}"\
% if shown.lines_address:
 data-lines="${shown.lines_address}"\
% endif
% if shown.gap_after:
 data-gap-after="${shown.gap_after}"\
% endif
 data-anchor="${shown.anchor}"><caption>${_("Changes in %(path)s", path=shown.path)}</caption>\
% if shown.split:
<colgroup><col class="n"><col class="m"><col><col class="n"><col class="m"><col></colgroup><thead class="vh"><tr><th scope="col">${_("Old line")}</th><th scope="col">${_("Removed")}</th><th scope="col">${_("Old code")}</th><th scope="col">${_("New line")}</th><th scope="col">${_("Added")}</th><th scope="col">${_("New code")}</th></tr></thead>
% else:
<colgroup><col class="n"><col class="n"><col class="m"><col></colgroup><thead class="vh"><tr><th scope="col">${_("Old line")}</th><th scope="col">${_("New line")}</th><th scope="col">${_("Change")}</th><th scope="col">${_("Code")}</th></tr></thead>
% endif
<tbody>
${shown.rows}</tbody></table>
% endif
% if shown.pictures:
<div class="k-pics">
% for picture in shown.pictures:
<figure><img src="${picture.address}" alt="${picture.words}" loading="lazy"><figcaption class="small muted">${picture.words}</figcaption></figure>
% endfor
</div>
% endif
% if shown.words:
<div class="k-coll"><p>${shown.words}</p>\
% if shown.link:
<a class="btn btn-default btn-xs" href="${shown.link}" data-rest>${shown.link_words}</a>\
% endif
</div>
% endif
</%def>
<%def name="file(file)">
<section class="k-file" id="${file.anchor}" data-code="${file.code}" aria-label="${file.path}">
<div class="fh"><input class="fold" type="checkbox" aria-label="${_('Fold %(path)s', path=file.path)}"${' checked' if file.folded else ''}><h2 class="fn">\
% if file.folder:
<span class="dir">${file.folder}</span>\
% endif
${file.name}</h2><button class="btn btn-ghost btn-xs k-hide-s" type="button" data-copy="${file.path}" aria-label="${_('Copy path')}" data-copied="${_('Copied')}">${shell.icon("copy")}</button>${stat(file.added, file.deleted)}\
% if file.folded:
<span class="k-chip">${_n("Folded: %(count)s changed line", "Folded: %(count)s changed lines", file.added + file.deleted)}</span>\
% endif
% if file.note:
<span class="k-chip any">${file.note}</span>\
% endif
<span class="acts">\
% if file.shown.more_address:
<a class="k-hide-s" href="${file.shown.more_address}">${_("More lines")}</a>\
% endif
% if file.address:
<a class="k-hide-s" href="${file.address}">${_("View file")}</a>\
% endif
<label class="k-seen"><input class="form-check-input" type="checkbox">${_("Viewed")}</label></span></div>
<div class="k-body">${rows(file.shown)}</div>
</section>
</%def>
