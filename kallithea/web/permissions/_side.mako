## The pages beside these: of the site, of the group, of the repository, or of groups of users. spot: Spot
<%page args="spot"/>
% if spot.kind == "repository":
<%include file="/ui/_repository_side.mako" args="path=spot.path, current='settings/permissions'"/>
% elif spot.kind == "group":
<%include file="/ui/_group_side.mako" args="path=spot.path, current='edit/permissions'"/>
% elif spot.kind == "user-group":
<%include file="/ui/_user_group_side.mako"/>
% else:
<%include file="/ui/_side.mako" args="title=_('Administration'), pages=shell.admin_pages, current='_admin/permissions'"/>
% endif
