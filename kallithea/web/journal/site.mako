<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current=shell.page_name"/>
<section aria-label="${page.title}"><div class="k-head"><h1>${page.title}</h1></div>
<%include file="/journal/_list.mako" args="page=page"/>
</section></div>
