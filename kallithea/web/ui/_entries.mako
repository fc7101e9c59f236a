## The entries of a folder. column: ChangeColumn; parent: the address of the folder above, or None; sized: whether to
## show how large files are
<%page args="entries, column, parent, sized"/>
<table class="k-table tight"><caption>${_("Files with the last change of each")}</caption>
<thead class="vh"><tr><th scope="col">${_("Name")}</th><th scope="col">${_("Last change")}</th>\
% if sized:
<th scope="col">${_("Size")}</th>\
% endif
<th scope="col">${_("Age")}</th></tr></thead>\
% if column.cells is None:
<tbody data-changes="${column.address}" data-slow="${_('The last changes take long to find.')}" data-failed="${_('The last changes could not be read.')}" data-again="${_('Try again')}">
% else:
<tbody>
% endif
% if parent:
<tr><th scope="row" colspan="${4 if sized else 3}">${shell.icon("file-directory-open-fill", "muted")} <a class="quiet ms-1" href="${parent}" aria-label="${_('Folder above')}">..</a></th></tr>
% endif
% for entry in entries:
<tr><th scope="row" class="name"><div class="clip">${shell.icon(entry.icon, "muted")} \
<a class="quiet ms-1" href="${entry.address}">${entry.name}</a>\
% if entry.note:
 <span class="small muted ms-1">${entry.note}</span>\
% endif
</div></th>\
% if column.cells is None:
<td class="max small k-hide-s" data-change></td>\
% else:
<td class="max small k-hide-s">${column.cells[loop.index].subject}</td>\
% endif
% if sized:
<td class="fit end small muted num k-hide-n">\
% if entry.size is not None:
${shell.reader.size(entry.size)}\
% endif
</td>\
% endif
% if column.cells is None:
<td class="fit end small muted num" data-change></td></tr>
% else:
<td class="fit end small muted num">${column.cells[loop.index].age}</td></tr>
% endif
% endfor
</tbody></table>
% if column.cells is None:
<div class="ft small" data-changes-words role="status" hidden></div>
<noscript class="ft small">\
% if column.words:
<span>${column.words}</span> \
% endif
<a href="${column.page_address}" rel="nofollow">${_("Try again") if column.words else _("Show last changes")}</a></noscript>
% endif
