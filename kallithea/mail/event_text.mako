% for event in page.events:
${event.path}: ${event.what}
${event.address}
${event.when}
% for ref in event.refs:
  * ${ref}
% endfor
% if event.more_refs:
  ${_n("and %(count)s further ref", "and %(count)s further refs", event.more_refs)}
% endif

% for short, subject, author, address in event.commits:
  ${short} ${subject} (${author})
  ${address}
% endfor
% if event.more_commits:
  ${_n("and %(count)s more", "and %(count)s more", event.more_commits)}
% endif

% endfor
% if page.more:
${_n("and %(count)s further event", "and %(count)s further events", page.more)}
${page.all_address}

% endif
-- 
${page.site}
${page.why}
${_("End these mails")}: ${page.unsubscribe_address}
${_("Choose what mails tell you")}: ${page.settings_address}
