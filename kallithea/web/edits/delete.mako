<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${"/".join(part.name for part in page.frame.parts) or page.frame.root_name} · ${page.frame.repository}</%block>
<%block name="main_class">text</%block>
<%include file="/edits/_frame.mako"/>
<section class="k-panel" aria-label="${page.title}"><form class="bd" method="post" action="${page.frame.action}">${shell.csrf_field}
% if "path" in page.problems:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problems["path"]}</p></div>
% endif
<p class="soft">${_("The file stays in the history: every earlier changeset still has it.") if page.frame.mercurial else _("The file stays in the history: every earlier commit still has it.")}</p>
<%include file="/edits/_commit.mako" args="css_class='btn-danger-o'"/></form></section>
