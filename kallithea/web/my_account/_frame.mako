## The pages of one's own account: the list of them beside the one that is shown, whose name is its block "title"
<%inherit file="/ui/layout.mako"/>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Settings'), pages=shell.account_pages, current=shell.page_name"/>
<div class="stack"><div class="k-head mb-0"><h1>${self.title()}</h1></div>
% if page.saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${page.saved}</p></div>
% endif
${next.body()}
</div></div>
