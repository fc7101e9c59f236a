<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${"/".join(part.name for part in page.frame.parts) or page.frame.root_name} · ${page.frame.repository}</%block>
<%block name="main_class">text</%block>
<%block name="head">
<script src="${shell.asset('js/upload.js')}" type="module"></script>
</%block>
<%include file="/edits/_frame.mako"/>
<section class="k-panel" aria-label="${page.title}"><form class="bd" method="post" action="${page.frame.action}" enctype="multipart/form-data">${shell.csrf_field}
<div class="k-field"><label class="form-label" for="f">${_("Files")}</label><input class="form-control ${'k-invalid' if 'files' in page.problems else ''}" type="file" id="f" name="files" multiple required aria-describedby="f-h${' f-e' if 'files' in page.problems else ''}"${' aria-invalid=true' if 'files' in page.problems else ''}><div class="form-text" id="f-h">${_("At most %(size)s in all. Push what is larger.", size=page.limit)}\
% if page.conflict or page.problems:
<span data-files-lost> ${_("Choose the files again: browsers do not keep them.")}</span>\
% endif
</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('files', ''), id='f-e'"/></div>
<div class="k-field"><label class="form-label" for="d">${_("Folder")}</label><input class="form-control font-monospace ${'k-invalid' if 'path' in page.problems else ''}" id="d" name="folder" value="${page.folder}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="d-h${' d-e' if 'path' in page.problems else ''}"${' aria-invalid=true' if 'path' in page.problems else ''}><div class="form-text" id="d-h">${_("Empty: the top of the repository. Folders that do not exist yet are made.")}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('path', ''), id='d-e'"/></div>
<%include file="/edits/_commit.mako"/></form></section>
