<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("%(file)s in %(sides)s", file=page.file.path, sides=page.words)} · ${page.path}</%block>
<%block name="main_class">wide</%block>
<div class="k-head"><h1>${page.file.path}</h1></div>
<p class="row-f wrap small">\
## Translators: before the names of two commits
<span class="muted">${_("Between")}</span><a class="k-hash" href="${page.address}">${page.words}</a></p>
<%include file="/ui/_diff_file.mako" args="file=page.file, whitespace=page.whitespace, layouts=page.layouts, raw_address=page.raw_address"/>
