## page.transfer: its present step, all its steps and its log
<section class="k-panel" aria-label="${_('Progress')}"><div class="bd">
% if page.refreshed:
<div class="row-f mb-2"><b id="pl" role="status">${page.transfer.title}</b><span class="muted small ms-auto num">\
% if page.transfer.percent is not None:
${page.transfer.percent} %\
% endif
% if page.transfer.left:
 · ${page.transfer.left}\
% endif
</span></div><progress class="lg" max="100"${' value=%d' % page.transfer.percent if page.transfer.percent is not None else ''} aria-labelledby="pl"></progress>
<div class="row-f wrap small muted mt-2 num">
% for fact in page.transfer.facts:
<span>${fact}</span>
% endfor
<span class="ms-auto">${_("asked for %(age)s", age=shell.reader.ago(page.asked))}</span></div>
% endif
<ol class="k-steps">
% for step in page.transfer.steps:
% if step.state == "done":
<li>${shell.icon("check-circle-fill", "ok")}<span>${step.label}</span><span class="muted small num">${step.took}</span></li>
% elif step.state == "run":
<li>${shell.icon("sync", "run spin")}<span>${step.label} <span class="vh">${_("(running)")}</span></span><span class="muted small num">${step.took}</span></li>
% elif step.state == "bad":
<li>${shell.icon("alert", "bad")}<span>${step.label} <span class="vh">${_("(not finished)")}</span></span><span class="muted small num">${step.took}</span></li>
% else:
<li class="todo">${shell.icon("circle")}<span>${step.label}</span><span class="muted small num"></span></li>
% endif
% endfor
</ol></div></section>
% if page.refreshed:
<p class="small muted mb-0">${page.leaving}</p>
% endif
<section class="k-panel" aria-label="${_('Log')}"><div class="hd"><h2>${_("Log")}</h2>\
% if page.refreshed:
<label class="k-seen ms-auto" hidden><input class="form-check-input" type="checkbox" id="follow" checked>${_("Follow")}</label>\
% endif
<a class="btn btn-default btn-xs${'' if page.refreshed else ' ms-auto'}" href="${page.address}/log">${shell.icon("download")}${_("Download")}</a></div><pre class="k-term" id="log" tabindex="0" role="log" aria-label="${_('Log')}">\
% for line in page.transfer.log:
<span class="t">${line.at} </span>\
% if line.warns:
<span class="w">${line.text}</span>
% else:
${line.text}
% endif
% endfor
</pre></section>
