<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title}${f" · {page.path}" if page.path else ""}</%block>
<%block name="head">
% for feed in page.feeds:
<link rel="alternate" type="${feed.content_type}" href="${feed.address}" title="${page.title}">
% endfor
</%block>
<div class="k-head"><h1>${page.title}</h1>
% if page.feeds:
<span class="k-btns ms-auto">
% for feed in page.feeds:
<a class="btn btn-default btn-xs" href="${feed.address}">${shell.icon("rss")}${feed.name}</a>
% endfor
</span>
% endif
</div>
% if page.tabs:
<nav aria-label="${_('Journals')}"><ul class="k-tabs k-subtabs mb-3">
% for tab in page.tabs:
<li><a href="${tab.address}"${' aria-current=page' if tab.current else ''}>${tab.label}</a></li>
% endfor
</ul></nav>
% endif
<%include file="/journal/_list.mako" args="page=page"/>
