<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.path}</%block>
<%block name="finder"/>
<h1 class="vh">${page.path}</h1>
% if page.contents is None:
<%include file="/summary/_empty.mako"/>
% else:
<div class="k-cols rail-r">
<div class="stack">
  <div class="row-f wrap">
    <%include file="/ui/_refpick.mako" args="pick=page.contents.pick"/>
    <span class="row-f small k-hide-s"><a class="quiet soft" href="${shell.links.repository(page.path, 'branches')}">${_n("%(count)s branch", "%(count)s branches", page.contents.branch_count, count=bold_number(page.contents.branch_count))}</a><a class="quiet soft ms-1" href="${shell.links.repository(page.path, 'branches')}#tags">${_n("%(count)s tag", "%(count)s tags", page.contents.tag_count, count=bold_number(page.contents.tag_count))}</a><a class="quiet soft ms-1" href="${shell.links.changelog(page.path)}" \
% if page.contents.count_address:
data-part="${page.contents.count_address}"\
% endif
>${page.contents.count or _("Changelog")}</a></span>
    <span class="row-f wrap ms-auto justify-content-end"><a class="btn btn-default" href="${page.contents.find_address}" data-find>${shell.icon("search")}${_("Find file")}<kbd class="k-hide-s" aria-hidden="true">t</kbd></a><a class="btn btn-default" href="${shell.links.repository(page.path, 'search')}" rel="nofollow" aria-label="${_('Search')}" title="${_('Search')}">${shell.icon("search")}</a>
    <%include file="/ui/_folder_actions.mako" args="actions=page.contents.actions"/>
    <%include file="/ui/_archives.mako" args="choices=page.contents.archives"/></span>
  </div>
  <section class="k-panel" aria-label="${_('Files')}">
    <div class="hd small"><span class="row-f grow">${shell.avatar(page.contents.latest.avatar)}<b class="k-hide-s nowrap">${page.contents.latest.author}</b><a class="quiet soft clip" href="${shell.links.changeset(page.path, page.contents.latest.commit_id)}">${page.contents.latest.subject}</a></span><a class="k-hash" href="${shell.links.changeset(page.path, page.contents.latest.commit_id)}">${page.contents.latest.short}</a><span class="muted nowrap k-hide-s">${shell.reader.ago_short(page.contents.latest.when)}</span></div>
    <%include file="/ui/_entries.mako" args="entries=page.contents.entries, column=page.contents.column, parent=None, sized=False"/>
% if page.contents.cut_words:
    <div class="ft small"><span>${page.contents.cut_words}</span><a href="${shell.links.repository(page.path, 'files')}">${_("All of them")}</a></div>
% endif
  </section>
% if page.contents.readme:
<%include file="/ui/_document.mako" args="document=page.contents.readme, actions=page.contents.actions"/>
% endif
</div>
<aside class="k-rail" aria-label="${_('About this repository')}">
  <section>
    <%include file="/summary/_clone.mako"/>
  </section>
  <section><h2>${_("About")}</h2>
% if page.description:
<p class="soft">${page.description}</p>
% endif
    <dl class="k-dl small">
% if page.owner:
<dt>${_("Owner")}</dt><dd>${shell.avatar(page.owner, 16)} ${page.owner}</dd>
% endif
% if page.source:
<dt>${_("Forked from")}</dt><dd><a href="${shell.links.repository(page.source)}">${page.source}</a></dd>
% endif
<dt>${_("Events")}</dt><dd><a href="${shell.links.repository(page.path, 'journal')}">${_("Journal")}</a>, <a href="${shell.links.repository(page.path, 'feed/atom')}">Atom</a>, <a href="${shell.links.repository(page.path, 'feed/rss')}">RSS</a></dd>
<dt>${_("Forks")}</dt><dd><a href="${shell.bar.forks_address}">${number(shell.bar.forks)}</a></dd>
% for field in page.fields:
<dt>${visible(field.label)}</dt><dd>${visible(field.value)}</dd>
% endfor
<dt>${_("Your access")}</dt><dd>${page.level}</dd>
% if page.contents.licence:
<dt>${_("Licence")}</dt><dd><a href="${page.contents.licence.address}">${page.contents.licence.name}</a></dd>
% endif
% if page.contents.size is not None:
<dt>${_("Size")}</dt><dd class="num">${shell.reader.size(page.contents.size)}</dd>
% endif
</dl></section>
% if page.contents.tags:
  <section><h2>${_("Latest tags")} <span class="more"><a href="${shell.links.repository(page.path, 'branches')}#tags">${_("All %(count)s", count=page.contents.tag_count)}</a></span></h2><ul class="k-list plain small">
% for tag in page.contents.tags:
    <li class="row-f"><a class="k-ref tag" href="${tag.address}">${shell.icon("tag")}${tag.label.name}</a>\
% if loop.first:
<span class="k-chip ok">${_("Latest")}</span>\
% endif
<span class="muted ms-auto num">${shell.reader.ago(tag.when)}</span></li>
% endfor
  </ul></section>
% endif
% if page.contents.facts and page.contents.facts.facts:
<%include file="/summary/_facts.mako" args="part=page.contents.facts"/>
% elif page.contents.facts:
  <div data-part="${page.contents.facts.address}"><%include file="/summary/_facts.mako" args="part=page.contents.facts"/></div>
% endif
</aside>
</div>
% endif
