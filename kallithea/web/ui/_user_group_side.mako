## The pages among which those of groups of users lie, for administrators of the site and for others
% if shell.identity.viewer.super_administrator:
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/user_groups'"/>
% else:
<%include file="/ui/_side.mako" args="title=_('Settings'), pages=shell.account_pages, current='_admin/user_groups'"/>
% endif
