<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${"/".join(part.name for part in page.frame.parts) or page.frame.root_name} · ${page.frame.repository}</%block>
<%block name="main_class">text</%block>
<%include file="/edits/_frame.mako"/>
<section class="k-panel" aria-label="${page.title}"><form class="bd" method="post" action="${page.frame.action}">${shell.csrf_field}
% if "path" in page.problems:
<div class="k-notice bad mb-3" role="alert">${shell.icon("alert")}<p>${page.problems["path"]}</p></div>
% endif
<p class="soft">The file stays in the history: every earlier ${page.frame.word} still has it.</p>
<%include file="/edits/_commit.mako" args="words='Delete this file', css_class='btn-danger-o'"/></form></section>
