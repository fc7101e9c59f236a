## One file's changes on a page of their own. file: FileView, whitespace and layouts: Choice, raw_address
<%page args="file, whitespace, layouts, raw_address"/>
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
<div class="k-difftools" data-lines-above="${_('Show unchanged lines above line %(number)s', number='#')}" data-lines-from="${_('Show unchanged lines from line %(number)s', number='#')}"><span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs k-hide-s" type="button" data-word aria-pressed="true" title="${_('Emphasise changed words (w)')}">${_("Words")}</button>
<details class="k-menu"><summary class="btn btn-default btn-xs">${_("White space")}${shell.icon("triangle-down", "i12")}</summary><div class="k-pop r">
% for choice in whitespace:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>
% endfor
</div></details>
<span class="k-seg xs" role="group" aria-label="${_('Diff layout')}">\
% for choice in layouts:
<a href="${choice.address}"${' aria-current=true' if choice.current else ''}>${choice.words}</a>\
% endfor
</span><a class="btn btn-default btn-xs" href="${raw_address}">${_("Raw diff")}</a></span></div>
${parts.file(file)}
