<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(path)s at %(revision)s", path=page.position.path_text or _("Files"), revision=page.position.pick.name)} · ${page.position.repository}</%block>
<div class="stack">
<%include file="/files/_position.mako"/>
<div class="row-f wrap justify-content-end"><a class="btn btn-default btn-xs" href="${page.position.find_address}" data-find title="${_('Find a file (t)')}">${shell.icon("search")}${_("Find file")}</a><a class="btn btn-default btn-xs" href="${page.position.search_address}" rel="nofollow">${shell.icon("search")}${_("Search lines")}</a><%include file="/ui/_folder_actions.mako" args="actions=page.actions, css_class='btn-xs'"/><a class="btn btn-default btn-xs" href="${page.position.history_address}">${shell.icon("history")}${_("History")}</a>
<%include file="/ui/_archives.mako" args="choices=page.archives, css_class='btn-xs'"/></div>
<section class="k-panel" aria-label="${_('Files')}">
<%include file="/ui/_entries.mako" args="entries=page.entries, column=page.column, parent=page.position.parent_address, sized=True"/>
</section>
% if page.pager:
<%include file="/ui/_pager.mako" args="pager=page.pager"/>
% endif
% if page.readme:
<%include file="/ui/_document.mako" args="document=page.readme, actions=page.actions"/>
% endif
</div>
