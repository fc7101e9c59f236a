## The fields above a history, in one row with the menu of refs, which has a form of its own. form: Form, words: str
<%page args="form, words"/>
<div class="row-f wrap mb-3" role="search" aria-label="Filter ${words}">
<%include file="/ui/_refpick.mako" args="pick=form.pick"/>
<label class="k-filter grow">${shell.icon("search")}<span class="vh">Words of the message</span><input form="history" type="search" name="text" value="${form.question.text}" placeholder="Words of the message"></label>
<label class="k-filter">${shell.icon("person")}<span class="vh">Part of the author's name or address</span><input form="history" type="search" name="author" value="${form.question.author}" placeholder="Author" size="12"></label>
% if form.path is not None:
<label class="k-filter k-hide-n">${shell.icon("file")}<span class="vh">Path of a file or folder</span><input form="history" type="search" name="path" value="${form.path}" placeholder="Path" size="12"></label>
% endif
<label class="k-filter k-hide-n"><span>From</span><input form="history" type="date" name="since" value="${form.question.since}" title="The first day, in UTC"></label>
<label class="k-filter k-hide-n"><span>to</span><input form="history" type="date" name="until" value="${form.question.until}" title="The last day, in UTC"></label>
<select form="history" class="form-select w-auto k-hide-n" name="merges" aria-label="Merges">
% for value, label in (("", "With merges"), ("none", "Without merges"), ("only", "Merges only")):
<option value="${value}"${' selected' if form.question.wanted.merges == value else ''}>${label}</option>
% endfor
</select>
% if form.branch:
<label class="k-seen"><input form="history" class="form-check-input" type="checkbox" name="named" value="${form.branch}"${' checked' if form.question.wanted.branch else ''}>Branch ${form.branch} only</label>
% endif
% if form.question.wanted.path:
<label class="k-seen"><input form="history" class="form-check-input" type="checkbox" name="follow" value="1"${' checked' if form.question.wanted.follow else ''}>Through renames</label>
% endif
<form id="history" action="${form.action}">\
% if form.at:
<input type="hidden" name="at" value="${form.at}">\
% endif
<button class="btn btn-default" type="submit">Show</button></form>
% if not form.question.is_open:
<a class="btn btn-ghost" href="${form.clear_address}">All ${words}</a>
% endif
</div>
