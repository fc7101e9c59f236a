<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${page.path}</%block>
<div class="k-head"><h1>${page.title}</h1></div>
<form class="row-f wrap mb-3" action="${shell.links.repository(page.path, 'branches')}" aria-label="${_('Filter branches and tags')}"><label class="k-filter grow">${shell.icon("filter")}<span class="vh">${_("Part of the name")}</span><input type="search" name="f" value="${page.filter}" placeholder="${_('Part of the name')}"></label><button class="btn btn-default" type="submit">${_("Show")}</button></form>
<div class="stack">
% for refs in page.lists:
<section class="k-panel" id="${refs.anchor}" aria-label="${refs.title}"><div class="hd"><h2>${refs.title}</h2><span class="k-count">${number(refs.total)}</span></div>
% if refs.lines:
<table class="k-table tight"><caption>${refs.title}</caption><thead><tr><th scope="col">${_("Name")}</th><th scope="col" class="fit k-hide-s">${page.word}</th><th scope="col" class="fit k-hide-s">${_("History")}</th><th scope="col" class="fit k-hide-s">${_("Differences")}</th><th scope="col" class="fit end">${_("Age")}</th></tr></thead><tbody>
% for line in refs.lines:
<tr><th scope="row" class="max"><div class="row-f"><a class="k-ref ${line.label.css_class}" href="${line.address}">${shell.icon(line.label.icon)}${line.label.name}</a>
% if line.default:
 <span class="k-chip">${_("Default")}</span>
% endif
% if line.closed:
 <span class="k-chip">${_("Closed")}</span>
% endif
</div>\
% if line.problem:
<p class="small muted m-0">${line.problem}</p>\
% endif
</th><td class="fit k-hide-s"><a class="k-hash" href="${line.changeset_address}">${line.short}</a></td><td class="fit small k-hide-s"><a href="${line.changelog_address}">${_("Changelog")}</a></td><td class="fit small k-hide-s">\
% if line.compare_address:
<a href="${line.compare_address}" aria-label="${_('Compare %(name)s with the default', name=line.label.name)}">${_("Compare")}</a>\
% endif
</td><td class="fit end small muted num">${shell.reader.ago_short(line.when) if line.when else ""}</td></tr>
% endfor
</tbody></table>
% else:
<p class="small muted m-0 px-3 py-2">${_("None has this in its name.")}</p>
% endif
% if refs.pager:
<div class="ft"><%include file="/ui/_pager.mako" args="pager=refs.pager"/></div>
% endif
</section>
% endfor
% if not page.lists:
<div class="k-panel"><div class="k-empty">${shell.icon("git-branch")}<h2>${_("Nothing yet")}</h2><p>${_("Branches appear here with the first push.")}</p></div></div>
% endif
</div>
