<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${"/".join(part.name for part in page.frame.parts) or page.frame.root_name} · ${page.frame.repository}</%block>
<%block name="content_scripts"/>
<%block name="head">
<script src="${shell.asset('codemirror/editor.js')}" type="module"></script>
</%block>
<%include file="/edits/_frame.mako"/>
<section class="k-panel" aria-label="${page.title}"><form class="bd" method="post" action="${page.frame.action}" enctype="multipart/form-data">${shell.csrf_field}
% if page.over:
<input type="hidden" name="seen" value="${page.path}">
% endif
<div class="k-field"><label class="form-label" for="p">${_("Path")}</label><input class="form-control font-monospace ${'k-invalid' if 'path' in page.problems else ''}" id="p" name="path" value="${page.path}" required autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="p-h${' p-e' if 'path' in page.problems else ''}"${' aria-invalid=true' if 'path' in page.problems else ''}><div class="form-text" id="p-h">${_("Folders that do not exist yet are made.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('path', ''), id='p-e'"/></div>
<div class="${'k-cols half' if page.now_text is not None else ''}"><div class="k-field"><label class="form-label" for="c" id="c-l">${_("Content")}</label><textarea class="form-control k-source ${'k-invalid' if 'content' in page.problems else ''}" id="c" name="content" data-editor="${'unsaved' if page.problems or page.conflict else ''}" data-hint="${_('Tab indents. Esc and then Tab leaves the field.')}" data-phrases="${page.phrases(shell.reader.say)}" rows="${page.rows}" wrap="off" autocomplete="off" autocapitalize="none" spellcheck="false"${' aria-invalid=true aria-describedby=c-e' if 'content' in page.problems else ''}>
${page.content}</textarea>
% if page.note:
<div class="form-text">${page.note}</div>
% endif
<%include file="/ui/_field_error.mako" args="problem=page.problems.get('content', ''), id='c-e'"/></div>
% if page.now_text is not None:
<div class="k-field"><label class="form-label" for="n">${_("The file as it is now")}</label><textarea class="form-control k-source" id="n" readonly rows="${page.rows}" wrap="off" spellcheck="false" aria-describedby="n-h">
${page.now_text}</textarea><div class="form-text" id="n-h">${_("Take over into your text what you want to keep of it, then save over it.")}</div></div>
% endif
</div>
<%include file="/edits/_commit.mako"/></form></section>
