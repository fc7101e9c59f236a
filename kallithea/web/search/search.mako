<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(text)s: search", text=visible(page.text)) if page.text else _("Search")}</%block>
<%def name="marked(pieces)">\
% for piece in pieces:
${element("mark", piece.text) if piece.found else piece.text}\
% endfor
</%def>\
<%def name="choices(legend, facet)">\
% if facet.choices:
<h2 class="k-side-t">${legend}</h2><ul class="k-side flow">
% for row in facet.choices:
<li><a href="${row.address}" rel="nofollow"${' aria-current=true' if row.chosen else ''}>${shell.icon("check", "i12") if row.chosen else ""}<span class="clip">${row.label}</span><span class="n ms-auto small">${number(row.count)}</span></a></li>
% endfor
% if facet.others:
<li class="small muted">${_n("and %(count)s more", "and %(count)s more", facet.others)}</li>
% endif
</ul>
% endif
</%def>\
<div class="k-cols nav-l">
<aside class="k-hide-n" aria-label="${_('Narrow the search')}">
${choices(_("Repository"), page.repositories)}
${choices(_("Language"), page.languages)}
${choices(_("Kind"), page.systems)}
${choices(_("Branch"), page.branches)}
<details class="small"
% if not page.text or page.problem:
 open
% endif
><summary class="soft">${_("Search syntax")}</summary><dl class="mt-2">
% for written, words in (("read_file", _("a word, or part of one")), ('"return None"', _("these words in a row")), ("stat*", _("how a word begins")), ("*ead_fi*", _("letters in a row")), (r"/err(or)?\d+/", _("a regular expression")), ("a OR b NOT c", _("AND stands between words by itself")), ("repo:group/name", _("a repository, also with *")), ("group: path: ext: lang:", _("where")), ("author: before: after:", _("changesets")), ("branch:", _("another indexed branch"))):
<dt><code>${written}</code></dt><dd>${words}</dd>
% endfor
</dl></details>
</aside>
<div class="stack">
<h1 class="vh">${_("Search in %(place)s", place=page.place) if page.place else _("Search")}</h1>
<form class="row-f" role="search" aria-label="${_('Search again')}" action="${page.address}"><label class="k-filter grow">${shell.icon("search")}<span class="vh">${_("Search for")}</span><input type="search" name="q" value="${page.text}" class="font-monospace small" spellcheck="false" autocomplete="off"
% if page.problem:
 aria-invalid="true" aria-describedby="q-problem"
% endif
></label><button class="btn btn-primary" type="submit">${_("Search")}</button></form>
% if page.place:
<p class="small muted m-0">${_("In %(place)s.", place=page.place)} <a href="${page.everywhere}">${_("Search everywhere")}</a>\
% if page.revision:
 · <a href="${page.revision}" rel="nofollow">${_("Search any revision")}</a>\
% endif
</p>
% endif
% if page.problem:
<p class="k-notice bad" id="q-problem" role="alert">${shell.icon("alert")}<span>${page.problem}</span></p>
% elif not page.text:
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("Search code, names of files, changesets and repositories")}</h2><p>${_("What you may read is found, on the branch that each repository begins with.")}</p></div></div>
% else:
<nav aria-label="${_('Kind of what was found')}" class="k-tabs-w"><ul class="k-tabs k-subtabs">
% for tab in page.tabs:
<li><a href="${tab.address}" rel="nofollow"${' aria-current=page' if tab.current else ''}>${tab.label}<span class="k-count">${number(tab.count)}</span></a></li>
% endfor
</ul></nav>
% if page.hits:
<p class="small muted m-0" role="status">${page.words}</p>
% for hit in page.hits:
<article class="k-hit"><div class="hh"><a class="quiet muted any" href="${hit.repository_address}">${hit.repository}</a>\
% if page.kind != "repository":
<span class="muted">/</span><a class="strong any" href="${hit.address}">${marked(hit.title)}</a>\
% endif
% if hit.matches:
<span class="muted ms-auto">${_n("%(count)s match", "%(count)s matches", hit.matches)}</span>\
% endif
% if hit.when:
<span class="muted ms-auto small">${visible(hit.author)} · ${shell.reader.ago(hit.when)} · <code>${hit.note}</code></span>\
% endif
</div>
% if hit.lines:
<%include file="/ui/_hit_lines.mako" args="lines=hit.lines, path=hit.title[0].text"/>
% endif
% if hit.more:
<div class="more"><a href="${hit.address}">${hit.more}</a></div>
% endif
% if page.kind == "repository" and hit.note:
<div class="more">${hit.note}</div>
% endif
</article>
% endfor
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("Nothing was found")}</h2><p>${_("Nothing that you may read fits. What was pushed a moment ago is found in a few seconds.")}</p></div></div>
% endif
% endif
</div></div>
