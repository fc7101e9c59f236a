<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Allowed on the site")} · ${page.name}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/user_groups'"/>
<div class="stack"><%include file="/ui/_user_group_head.mako" args="group_id=page.subject_id, name=page.name, current='allowances'"/>
<%include file="_subject.mako"/>
</div></div>
