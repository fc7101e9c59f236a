<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${page.site}</title></head>
<body style="font-family: sans-serif; font-size: 14px; line-height: 1.5; max-width: 48em">
% for event in page.events:
<p style="margin: 1em 0 .25em"><a href="${event.address}"><b>${event.path}</b></a>: ${event.what}<br><small>${event.when}</small></p>
% if event.refs:
<ul>
% for ref in event.refs:
<li><code>${ref}</code></li>
% endfor
% if event.more_refs:
<li>${_n("and %(count)s further ref", "and %(count)s further refs", event.more_refs)}</li>
% endif
</ul>
% endif
% if event.commits:
<ul>
% for short, subject, author, address in event.commits:
<li><a href="${address}"><code>${short}</code></a> ${subject} <small>${author}</small></li>
% endfor
% if event.more_commits:
<li>${_n("and %(count)s more", "and %(count)s more", event.more_commits)}</li>
% endif
</ul>
% endif
% endfor
% if page.more:
<p><a href="${page.all_address}">${_n("and %(count)s further event", "and %(count)s further events", page.more)}</a></p>
% endif
<hr><p><small>${page.why} <a href="${page.unsubscribe_address}">${_("End these mails")}</a> · <a href="${page.settings_address}">${_("Choose what mails tell you")}</a></small></p>
</body></html>
