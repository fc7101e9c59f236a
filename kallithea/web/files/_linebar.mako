<%page args="annotation=None, page_lines=0"/>
## What can be done with the lines that are selected; js/lines.js fills it in and shows it
<div class="k-linebar" data-linebar data-one="${_('Line %(number)s', number='#')}" data-several="${_('Lines %(first)s to %(last)s', first='#', last='##')}" hidden><b aria-live="polite"></b><span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs" type="button" data-copy="" data-copied="${_('Copied')}">${shell.icon("copy")}${_("Copy permanent link")}</button>\
% if annotation:
<a class="btn btn-default btn-xs" href="${annotation}" data-page-lines="${page_lines}">${shell.icon("versions")}${_("Annotate")}</a>\
% endif
</span></div>
