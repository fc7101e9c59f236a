## One file's changes on a page of their own. file: FileView, whitespace and layouts: Choice, raw_address
<%page args="file, whitespace, layouts, raw_address"/>
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
<div class="k-difftools"><span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs k-hide-s" type="button" data-word aria-pressed="true" title="Emphasise changed words (w)">Words</button>
<details class="k-menu"><summary class="btn btn-default btn-xs">White space${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r">
% for choice in whitespace:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>
% endfor
</div></details>
<span class="k-seg xs" role="group" aria-label="Diff layout">\
% for choice in layouts:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span><a class="btn btn-default btn-xs" href="${raw_address}">Raw diff</a></span></div>
${parts.file(file)}
