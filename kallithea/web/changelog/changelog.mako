<%inherit file="/ui/layout.mako"/>
<%block name="title">Changelog · ${page.path}</%block>
<div class="k-head"><h1>Changelog
% if page.file_path:
<span class="sub">of <code>${page.file_path}</code></span>
% endif
</h1></div>
<div class="row-f wrap mb-3">
% if page.pick:
<%include file="/ui/_refpick.mako" args="pick=page.pick"/>
% endif
% if page.file_path:
<a class="btn btn-default" href="${page.whole_address}">Of all files</a>
% endif
</div>
% if page.commits:
<section class="k-panel" aria-label="${page.words.capitalize()}"><table class="k-table k-log tight"><caption>${page.words.capitalize()}, newest first</caption>
<thead><tr><th scope="col">Message</th>
% if page.mercurial:
<th scope="col" class="fit k-hide-n">Branch</th><th scope="col" class="fit k-hide-n">Phase</th>
% endif
<th scope="col" class="fit k-hide-n">Author</th><th scope="col" class="fit k-hide-s">${page.word.capitalize()}</th><th scope="col" class="fit end">Age</th></tr></thead><tbody>
% for commit in page.commits:
<tr${' class=mg' if commit.merge else ''}><td class="max"><div class="msg">\
% for label in commit.labels:
% if not (page.mercurial and label.css_class == "branch"):
<span class="k-ref ${label.css_class}">${shell.icon(label.icon)}${label.name}</span>\
% endif
% endfor
<a class="m clip" href="${shell.links.changeset(page.path, commit.commit_id)}">${commit.subject}</a>\
% if commit.obsolete:
<span class="k-chip">Obsolete</span>\
% endif
</div></td>
% if page.mercurial:
<td class="fit k-hide-n"><span class="k-ref ${'' if commit.branch == 'default' else 'branch'}">${commit.branch}</span></td><td class="fit small k-hide-n ${'muted' if commit.phase == 'Public' else ''}">${commit.phase}</td>
% endif
<td class="fit small soft k-hide-n">${shell.avatar(commit.avatar, 18)} ${commit.author}</td><td class="fit k-hide-s"><a class="k-hash" href="${shell.links.changeset(page.path, commit.commit_id)}">${commit.short}</a></td><td class="fit end small muted num">${ago_short(commit.when, shell.now)}</td></tr>
% endfor
</tbody></table></section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("git-commit")}<h2>No ${page.words}</h2><p>Nothing has been pushed yet, or there is no older page.</p></div></div>
% endif
