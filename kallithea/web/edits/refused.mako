<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Not changed here")} · ${page.path}</%block>
<%block name="main_class">text</%block>
<div class="k-head"><h1>${_("This cannot be changed here")}</h1></div>
<div class="k-notice warn mb-3" role="status">${shell.icon("alert")}<p>${page.words} <a href="${page.back_address}">${_("Go back")}</a></p></div>
% if page.elsewhere:
<section class="k-panel" aria-label="${_('Branches')}"><div class="hd"><h2>${_("Heads of branches on which it can be done")}</h2></div><ul class="k-list">
% for one in page.elsewhere:
<li class="row-f"><a class="k-ref ${one.label.css_class}" href="${one.address}" rel="nofollow">${shell.icon(one.label.icon)}${one.label.name}</a></li>
% endfor
</ul><div class="ft small"><a href="${shell.links.repository(page.path, 'branches')}">${_("All branches")}</a></div></section>
% endif
