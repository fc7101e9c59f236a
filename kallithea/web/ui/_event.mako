## One event of the journal. event: EventLine; with_path: whether to say where it happened
<%page args="event, with_path"/>
<div class="k-event"><div class="row-f wrap">${shell.avatar(event.avatar, 20)} <span class="any">${event.what}</span>\
% if with_path and event.address:
 <a class="any" href="${event.address}">${shell.icon("lock" if event.private else "repo")} ${event.path}</a>\
% elif with_path:
 <span class="any soft">${shell.icon("repo")} ${event.path}</span>\
% endif
<span class="grow"></span><span class="small soft">${shell.reader.ago(event.at)}</span></div>
% if event.refs:
<ul class="k-event-parts small">
% for ref in event.refs:
<li><span class="k-ref ${ref.css_class}">${ref.name}</span> ${ref.what} \
% if ref.span.address:
<a class="k-hash" href="${ref.span.address}">${ref.span.words}</a>\
% elif ref.span.words:
<span class="k-hash">${ref.span.words}</span>\
% endif
</li>
% endfor
% if event.more_refs:
<li class="muted">${_n("and %(count)s further ref", "and %(count)s further refs", event.more_refs)}</li>
% endif
</ul>
% endif
% if event.commits:
<ul class="k-event-parts small">
% for commit in event.commits:
<li>\
% if commit.address:
<a class="k-hash" href="${commit.address}">${commit.short}</a>\
% else:
<span class="k-hash">${commit.short}</span>\
% endif
 <span class="any">${commit.subject}</span> <span class="muted">${commit.author}</span></li>
% endfor
% if event.more_commits:
<li class="muted">${_n("and %(count)s more", "and %(count)s more", event.more_commits)}</li>
% endif
</ul>
% endif
</div>
