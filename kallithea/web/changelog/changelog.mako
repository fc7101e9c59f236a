<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Changelog")} · ${page.path}</%block>
<div class="k-head"><h1>${_("Changelog")}
% if page.file_lines:
% if page.file_lines[0] == page.file_lines[1]:
## Translators: after the heading "Changelog"
<span class="sub">${_("of line %(number)s of %(path)s", number=page.file_lines[0], path=element("code", page.file_path))}</span>
% else:
## Translators: after the heading "Changelog"
<span class="sub">${_("of lines %(first)s to %(last)s of %(path)s", first=page.file_lines[0], last=page.file_lines[1], path=element("code", page.file_path))}</span>
% endif
% elif page.file_path:
## Translators: after the heading "Changelog"
<span class="sub">${_("of %(path)s", path=element("code", page.file_path))}</span>
% elif page.count:
<span class="sub num">${page.count}</span>
% elif page.count_address:
<span class="sub num" data-part="${page.count_address}"></span>
% endif
</h1>\
% if page.form:
<a class="btn btn-default" href="${shell.links.repository(page.path, 'compare')}">${shell.icon("git-compare")}${_("Compare")}</a>\
% endif
</div>
% if page.form:
<%include file="_form.mako" args="form=page.form, mercurial=page.mercurial"/>
% endif
% if page.unfinished:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.unfinished}</p></div>
% endif
% if page.named:
<div class="k-notice" role="status">${shell.icon("git-commit")}<p>${_("The hash is that of this changeset:") if page.mercurial else _("The hash is that of this commit:")} <a class="k-hash" href="${page.changeset_address}${page.named.commit_id}">${page.named.short}</a> <a href="${page.changeset_address}${page.named.commit_id}">${page.named.subject}</a></p></div>
% endif
% if page.lines:
<section class="k-panel" aria-label="${_('Changesets') if page.mercurial else _('Commits')}"><table class="k-table k-log tight"><caption>${page.caption}</caption>
<thead><tr>\
% if page.columns:
<th scope="col" class="gw-${page.columns} ${page.graph_class}"><span class="vh">${_("Graph")}</span></th>\
% endif
<th scope="col">${_("Message")}</th>
% if page.mercurial:
<th scope="col" class="fit k-hide-n">${_("Branch")}</th><th scope="col" class="fit k-hide-n">${_("Phase")}</th>
% endif
<th scope="col" class="fit k-hide-n">${_("Author")}</th><th scope="col" class="fit k-hide-s">${_("Changeset") if page.mercurial else _("Commit")}</th><th scope="col" class="fit end">${_("Age")}</th></tr></thead><tbody>
% for line in page.lines:
<tr${' class=mg' if line.commit.merge else ''}>\
% if page.columns:
<td class="g gw-${page.columns} ${page.graph_class}">${line.graph}</td>\
% endif
<td class="max"><div class="msg">\
% if line.commit.labels:
<%include file="/ui/_labels.mako" args="commit=line.commit, address=page.changeset_address + line.commit.commit_id"/>\
% endif
<a class="m clip" href="${page.changeset_address}${line.commit.commit_id}">${line.commit.subject}</a>\
% if page.mercurial:
<%include file="/ui/_marks.mako" args="commit=line.commit, address=page.changeset_address, most=1"/>\
% endif
</div></td>
% if page.mercurial:
<td class="fit k-hide-n"><span class="k-ref ${'' if line.commit.branch == 'default' else 'branch'}"><span class="clip">${line.commit.branch}</span></span></td><td class="fit small k-hide-n ${'muted' if line.commit.phase == 'Public' else ''}">${line.commit.phase}</td>
% endif
<td class="fit small soft k-hide-n">${shell.avatar(line.commit.avatar, 18)} ${line.commit.author}</td><td class="fit k-hide-s"><a class="k-hash" href="${page.changeset_address}${line.commit.commit_id}">${line.commit.short}</a></td><td class="fit end small muted num">${shell.reader.ago_short(line.commit.when)}</td></tr>
% endfor
</tbody></table></section>
% elif page.unfinished:
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("None found yet")}</h2><p>${_("Older changesets have not been searched.") if page.mercurial else _("Older commits have not been searched.")}</p></div></div>
% elif page.beyond:
<div class="k-panel"><div class="k-empty">${shell.icon("git-commit")}<h2>${_("Behind the last page")}</h2><p>${page.beyond.words}</p><div class="k-btns">\
% if page.beyond.last_address:
<a class="btn btn-default" href="${page.beyond.last_address}">${_("Last page")}</a>\
% endif
<a class="btn btn-default" href="${page.beyond.first_address}">${_("First page")}</a></div></div></div>
% elif page.named:
% elif page.form and not page.form.question.is_open:
<div class="k-panel"><div class="k-empty">${shell.icon("search")}<h2>${_("No such changesets") if page.mercurial else _("No such commits")}</h2><p>${_("Nothing here meets all conditions.")}</p><a class="btn btn-default" href="${page.form.clear_address}">${_("All changesets") if page.mercurial else _("All commits")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("git-commit")}<h2>${_("No changesets") if page.mercurial else _("No commits")}</h2><p>${_("Nothing has been pushed yet.")}</p></div></div>
% endif
% if page.damage:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.damage}</p></div>
% endif
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
