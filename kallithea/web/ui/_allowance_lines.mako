## What somebody may make on the site. lines: AllowanceLine
<%page args="lines"/>
<section class="k-panel" aria-labelledby="al-t"><div class="hd"><h2 id="al-t">${_("Allowed on the site")}</h2></div><table class="k-table tight"><caption>${_("Allowed on the site")}</caption><thead class="vh"><tr><th scope="col">${_("What")}</th><th scope="col">${_("Because of")}</th><th scope="col">${_("Allowed")}</th></tr></thead><tbody>
% for line in lines:
<tr><th scope="row" class="fw-normal">${line.allowance.words}</th><td class="small soft k-hide-s">\
% for words in line.because:
<span class="d-block">${visible(words)}</span>\
% endfor
</td><td class="fit">\
% if line.allowed:
<span class="k-chip ok">${shell.icon("check")}${_("Allowed")}</span>\
% else:
<span class="k-chip">${shell.icon("skip")}${_("Not allowed")}</span>\
% endif
</td></tr>
% endfor
</tbody></table></section>
