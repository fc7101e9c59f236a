<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title}</%block>
<%block name="main_class">text</%block>
<%block name="head">
% if page.refreshed:
<noscript><meta http-equiv="refresh" content="3"></noscript>
% endif
</%block>
<div class="stack" id="task"${' data-refreshed' if page.refreshed else ''}>
<div class="k-head mb-0"><h1>${page.title}</h1><span class="k-chip ${page.css_class}">${shell.icon(page.icon)}${page.label}</span>
% if page.can_be_cancelled:
<form method="post" action="${page.address}">${shell.csrf_field}<button class="btn btn-danger-o" type="submit">${page.cancel}</button></form>
% endif
</div>
% if page.already:
<div class="k-notice warn" role="status">${shell.icon("info")}<p>${_("This is under way already, so that no second one was begun. Cancel it first if it is to begin again.")}</p></div>
% endif
% if page.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${page.problem}</p></div>
% elif page.cancelled:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.cancelled}</p></div>
% elif page.done:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${page.done}</p></div>
% elif page.silent:
<div class="k-notice warn" role="status">${shell.icon("alert")}<p>${_("Nothing has been heard of this for some minutes: the worker that did it may have ended. Cancel it, and ask again.")}</p></div>
% elif page.waits_since:
<div class="k-notice warn" role="status">${shell.icon("alert")}<p>${_("Jobs wait since %(time)s, and nobody takes them. Tell the administrators of this site.", time=shell.reader.moment(page.waits_since))}</p></div>
% elif page.transfer is None:
<section class="k-panel" aria-label="${_('Progress')}"><div class="bd"><div class="row-f mb-2"><b id="pl" role="status">${page.step}</b><span class="muted small ms-auto num">${page.percent} %</span></div><progress class="lg" max="100" value="${page.percent}" aria-labelledby="pl"></progress><div class="row-f wrap small muted mt-2 num"><span class="ms-auto">${_("asked for %(age)s", age=shell.reader.ago(page.asked))}</span></div></div></section>
<p class="small muted mb-0">${page.leaving}</p>
% endif
% if page.further:
<p class="mb-0"><a class="btn btn-default" href="${page.further}">${page.further_words}</a></p>
% endif
% if page.transfer is not None:
<%include file="/tasks/_transfer.mako"/>
% endif
% if page.log:
<%include file="/tasks/_log.mako"/>
% endif
</div>
