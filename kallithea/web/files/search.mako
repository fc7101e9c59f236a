<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(text)s: lines at %(revision)s", text=visible(page.text), revision=page.position.pick.name) if page.text else _("Search lines at %(revision)s", revision=page.position.pick.name)} · ${page.position.repository}</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<form class="stack-2" action="${page.address}" role="search" aria-label="${_('Lines of this commit')}">
% if page.at:
<input type="hidden" name="at" value="${page.at}">
% endif
<div class="row-f wrap"><label class="k-filter grow">${shell.icon("search")}<span class="vh">${_("What a line has")}</span><input type="search" name="q" value="${page.text}" placeholder="${_('What a line has')}" class="font-monospace small" spellcheck="false" autocomplete="off"
% if page.problem:
 aria-invalid="true" aria-describedby="q-problem"
% endif
></label><label class="k-filter">${shell.icon("file-directory-fill")}<span class="vh">${_("Folder or file")}</span><input type="search" name="path" value="${page.path}" placeholder="${_('Folder or file')}" class="font-monospace small" spellcheck="false" autocomplete="off"></label><button class="btn btn-primary" type="submit">${_("Search")}</button></div>
<div class="row-f wrap small">
% for name, chosen, words in (("regex", page.query.regular, _("Regular expression")), ("nocase", page.query.ignore_case, _("Upper and lower case are the same")), ("words", page.query.whole_words, _("Whole words"))):
<label class="k-seen"><input class="form-check-input" type="checkbox" name="${name}" value="1"${' checked' if chosen else ''}>${words}</label>
% endfor
<a class="ms-auto" href="${page.index_address}" rel="nofollow">${_("Search the index")}</a></div>
</form>
% if page.problem:
<p class="k-notice bad" id="q-problem" role="alert">${shell.icon("alert")}<span>${page.problem}</span></p>
% elif not page.text.strip():
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("Search the lines of all text files of this commit")}</h2><p>${_("Nothing is indexed for this: the files are looked through when you ask. A regular expression may have %(signs)s.", signs=element("code", r". * + ? {2,3} ( | ) [a-z] ^ $ \d \s \w"))} ${page.unread}</p></div></div>
% else:
<div role="status" class="small muted">
% if page.files:
<p class="m-0">${page.words} ${page.unread}</p>
% endif
% for words in page.limits:
<p class="m-0">${words}</p>
% endfor
</div>
% for file in page.files:
<article class="k-hit"><div class="hh"><a class="strong any" href="${file.address}">${file.path}</a><span class="muted ms-auto">${_n("%(count)s line", "%(count)s lines", len(file.lines))}</span></div>
<%include file="/ui/_hit_lines.mako" args="lines=file.lines, path=file.path"/>
</article>
% endfor
% if not page.files:
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("Nothing was found")}</h2><p>${_("No line of a text file has this, as far as files were looked through.")} ${page.unread}</p></div></div>
% endif
% endif
</div>
