<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title}${f" · {page.path}" if page.path else ""}</%block>
<div class="k-head"><h1>${page.title}</h1></div>
% if page.tabs:
<nav aria-label="${_('Journals')}"><ul class="k-tabs k-subtabs mb-3">
% for tab in page.tabs:
<li><a href="${tab.address}"${' aria-current=page' if tab.current else ''}>${tab.label}</a></li>
% endfor
</ul></nav>
% endif
<%include file="/journal/_list.mako" args="page=page"/>
