<%page args="history, annotation=None, page_lines=0, elsewhere=None, at_once=0"/>
## What can be done with the lines that are selected; js/lines.js fills it in and shows it. elsewhere: the address of the
## file where not all of its lines are here; at_once: how many a page of it has, if all pages have as many
<div class="k-linebar" data-linebar data-one="${_('Line %(number)s', number='#')}" data-several="${_('Lines %(first)s to %(last)s', first='#', last='##')}" hidden><span aria-live="polite"><b></b> <span data-absent hidden>\
% if elsewhere:
${_("Not on this page.")} <a href="${elsewhere}" data-at-once="${at_once}">${_("Show")}</a>\
% else:
${_("Not in this file.")}\
% endif
</span></span><span class="row-f wrap ms-auto"><button class="btn btn-default btn-xs" type="button" data-copy="" data-copied="${_('Copied')}">${shell.icon("copy")}${_("Copy permanent link")}</button>\
% if annotation:
<a class="btn btn-default btn-xs" href="${annotation}" data-page-lines="${page_lines}">${shell.icon("versions")}${_("Annotate")}</a>\
% endif
<a class="btn btn-default btn-xs k-hide-s" href="${history}" rel="nofollow" data-lines-history="${history}">${shell.icon("history")}${_("History of these lines")}</a>\
</span></div>
