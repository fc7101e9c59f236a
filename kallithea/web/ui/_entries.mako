## The entries of a folder. parent: the address of the folder above, or None
<%page args="entries, parent"/>
<table class="k-table tight"><caption>Files</caption>
<thead class="vh"><tr><th scope="col">Name</th><th scope="col">Note</th><th scope="col">Size</th></tr></thead><tbody>
% if parent:
<tr><th scope="row" class="max" colspan="3">${shell.icon("file-directory-open-fill", "muted")} <a class="quiet ms-1" href="${parent}" aria-label="Folder above">..</a></th></tr>
% endif
% for entry in entries:
<tr><th scope="row" class="max"><div class="clip">${shell.icon(entry.icon, "muted")} \
% if entry.address:
<a class="quiet ms-1" href="${entry.address}">${entry.name}</a>\
% else:
<span class="ms-1">${entry.name}</span>\
% endif
</div></th><td class="fit small muted k-hide-s">${entry.note}</td><td class="fit end small muted num">\
% if entry.size is not None:
${size(entry.size)}\
% endif
</td></tr>
% endfor
</tbody></table>
