<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Delete %(name)s", name=page.name)} · ${_("Administration")}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/users'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Delete %(name)s", name=page.name)}</h1></div>
<section class="k-panel" aria-label="${_('Delete this user')}"><form class="bd" method="post" action="${shell.links.page(f'_admin/users/delete/{page.user_id}')}">${shell.csrf_field}
<p>${_("The account cannot be brought back. Whoever wants to keep a person out for a time takes away that they may sign in.")} ${_("Commits, the journal and the audit log keep the name.")}</p>
<h2 class="h6">${_("Lost with the account")}</h2>
<ul>
% for words in page.lost:
<li>${words}</li>
% endfor
% if not page.lost:
<li>${_("Nothing else")}</li>
% endif
</ul>
% if page.handed_over:
<h2 class="h6">${_("Handed over")}</h2>
<ul>
% for words, owned in page.handed_over:
<li>${words}: <span class="any">${visible(", ".join(owned.names))}</span>${" …" if owned.count > len(owned.names) else ""}</li>
% endfor
</ul>
% endif
% for field in page.fields:
<%include file="/ui/_text_field.mako" args="field=field"/>
% endfor
<button class="btn btn-danger-o" type="submit">${shell.icon("trash")}${_("Delete this user")}</button></form></section></div></div>
