<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(file)s in %(commit)s", file=page.file.path, commit=page.commit.short)} · ${page.path}</%block>
<%block name="main_class">wide</%block>
<div class="k-head"><h1>${page.file.path}</h1></div>
<p class="row-f wrap small">${shell.avatar(page.commit.avatar)}<a class="strong" href="${page.commit_address}">${page.commit.subject}</a><a class="k-hash" href="${page.commit_address}">${page.commit.short}</a><span class="muted">${shell.reader.ago(page.commit.when)}</span></p>
<%include file="/ui/_diff_file.mako" args="file=page.file, whitespace=page.whitespace, layouts=page.layouts, raw_address=page.raw_address"/>
