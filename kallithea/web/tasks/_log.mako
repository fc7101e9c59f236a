## page.log: the lines of a task that says what it does
<section class="k-panel" aria-label="${_('Log')}"><div class="hd"><h2>${_("Log")}</h2>\
% if page.refreshed:
<label class="k-seen ms-auto" hidden><input class="form-check-input" type="checkbox" id="follow" checked>${_("Follow")}</label>\
% endif
<a class="btn btn-default btn-xs${'' if page.refreshed else ' ms-auto'}" href="${page.address}/log">${shell.icon("download")}${_("Download")}</a></div><pre class="k-term" id="log" tabindex="0" role="log" aria-label="${_('Log')}">\
% for line in page.log:
<span class="t">${line.at} </span>\
% if line.warns:
<span class="w">${line.text}</span>
% else:
${line.text}
% endif
% endfor
</pre></section>
