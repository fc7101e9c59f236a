## The filter of a journal and its events. page: JournalPage
<%page args="page"/>
<form class="d-flex flex-wrap gap-2 align-items-end mb-3" method="get" action="${page.action_address}">
<div><label class="form-label small" for="j-w">${_("Who")}</label><input class="form-control form-control-sm" id="j-w" name="user" size="14" value="${page.form.user}" autocomplete="off" spellcheck="false"></div>
% if not page.path:
<div><label class="form-label small" for="j-r">${_("Repository or group")}</label><input class="form-control form-control-sm" id="j-r" name="repository" size="14" value="${page.form.repository}" autocomplete="off" spellcheck="false"></div>
% endif
<div><label class="form-label small" for="j-a">${_("What")}</label><select class="form-select form-select-sm" id="j-a" name="action"><option value="">${_("Everything")}</option>
% for action, words in page.choices:
<option value="${action}"${' selected' if action == page.form.action else ''}>${words}</option>
% endfor
</select></div>
## the dates and the button come to a further row together
<div class="d-flex flex-wrap gap-2 align-items-end">
<div><label class="form-label small" for="j-s">${_("From")}</label><input class="form-control form-control-sm" type="date" id="j-s" name="since" value="${page.form.since}"></div>
<div><label class="form-label small" for="j-u">${_("To")}</label><input class="form-control form-control-sm" type="date" id="j-u" name="until" value="${page.form.until}"></div>
<button class="btn btn-default" type="submit">${_("Filter")}</button>
% if not page.form.is_empty:
<a class="btn btn-ghost" href="${page.action_address}">${_("Clear")}</a>
% endif
</div>
</form>
% if page.rows:
<div class="k-panel"><ul class="k-list">
% for row in page.rows:
<li><%include file="/ui/_event.mako" args="event=row, with_path=not page.path"/></li>
% endfor
</ul></div>
% if page.first_address or page.older_address:
<nav class="k-page small" aria-label="${_('Pages')}"><span></span><span class="k-btns">
% for label, address in ((_("Newest"), page.first_address), (_("Older"), page.older_address)):
% if address:
<a class="btn btn-default btn-xs" href="${address}">${label}</a>
% else:
<span class="btn btn-default btn-xs disabled" aria-disabled="true">${label}</span>
% endif
% endfor
</span></nav>
% endif
% elif page.form.is_empty and not page.first_address:
<div class="k-panel"><div class="k-empty">${shell.icon("pulse")}<h2>${_("Nothing has happened yet")}</h2><p>${page.empty_words}</p><a class="btn btn-default" href="${shell.links.home()}">${_("All repositories")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("pulse")}<h2>${_("No events")}</h2><p>${_("Nothing that happened fits this filter.")}</p><a class="btn btn-default" href="${page.action_address}">${_("Show everything")}</a></div></div>
% endif
