## The fields above a history, in one row with the menu of refs, which has a form of its own. form: Form, mercurial: bool
<%page args="form, mercurial"/>
<div class="row-f wrap mb-3" role="search" aria-label="${_('Filter changesets') if mercurial else _('Filter commits')}">
<%include file="/ui/_refpick.mako" args="pick=form.pick"/>
<label class="k-filter grow">${shell.icon("search")}<span class="vh">${_("Words of the message, or the beginning of a hash")}</span><input form="history" type="search" name="text" value="${form.question.text}" placeholder="${_('Message or hash')}"></label>
<label class="k-filter">${shell.icon("person")}<span class="vh">${_("Part of the author's name or address")}</span><input form="history" type="search" name="author" value="${form.question.author}" placeholder="${_('Author')}" size="12"></label>
% if form.path is not None:
<label class="k-filter k-hide-n">${shell.icon("file")}<span class="vh">${_("Path of a file or folder")}</span><input form="history" type="search" name="path" value="${form.path}" placeholder="${_('Path')}" size="12"></label>
% endif
## Translators: before the first day of a span of time
<label class="k-filter k-hide-n"><span>${_("From")}</span><input form="history" type="date" name="since" value="${form.question.since}" title="${_('The first day, in UTC')}"></label>
## Translators: before the last day of a span of time
<label class="k-filter k-hide-n"><span>${_("to")}</span><input form="history" type="date" name="until" value="${form.question.until}" title="${_('The last day, in UTC')}"></label>
<select form="history" class="form-select w-auto k-hide-n" name="merges" aria-label="${_('Merges')}">
% for value, label in (("", _("With merges")), ("none", _("Without merges")), ("only", _("Merges only")), ("first", _("First parent only"))):
<option value="${value}"${' selected' if form.question.wanted.merges == value else ''}>${label}</option>
% endfor
</select>
% if mercurial:
<select form="history" class="form-select w-auto k-hide-n" name="phase" aria-label="${_('Phase')}">
% for value, label in (("", _("All phases")), ("public", _("Public")), ("draft", _("Draft"))):
<option value="${value}"${' selected' if form.question.wanted.phase == value else ''}>${label}</option>
% endfor
</select>
% endif
% if form.branch:
<label class="k-seen"><input form="history" class="form-check-input" type="checkbox" name="named" value="${form.branch}"${' checked' if form.question.wanted.branch else ''}>${_("Branch %(name)s only", name=form.branch)}</label>
% endif
% if form.question.wanted.path and not form.question.lines and not form.all_heads:
<label class="k-seen"><input form="history" class="form-check-input" type="checkbox" name="follow" value="1"${' checked' if form.question.wanted.follow else ''}>${_("Through renames")}</label>
% endif
<form id="history" action="${form.action}">\
% if form.question.lines:
<input type="hidden" name="lines" value="${form.question.lines}">\
% endif
% if form.all_heads:
<input type="hidden" name="all" value="1">\
% elif form.at:
<input type="hidden" name="at" value="${form.at}">\
% endif
## Translators: the button that shows what is asked for
<button class="btn btn-default" type="submit">${_("Show")}</button></form>
% if form.file_address:
## Translators: leads from the history of some lines of a file to the history of the file
<a class="btn btn-ghost" href="${form.file_address}">${_("The whole file")}</a>
% endif
% if not form.question.is_open:
<a class="btn btn-ghost" href="${form.clear_address}">${_("All changesets") if mercurial else _("All commits")}</a>
% endif
</div>
