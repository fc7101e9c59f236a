## page.transfer: its present step, and all its steps
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
