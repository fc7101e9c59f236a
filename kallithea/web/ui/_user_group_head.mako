## What a group is called, and its pages. group_id, name: of the group; current: the verb of the page; level: who asks has
<%page args="group_id, name, current, level=Level.ADMIN"/>
<%! from kallithea.core.access import Level %>
<div class="k-head mb-0"><h1>${_("User group %(name)s", name=name)}</h1></div>
<%include file="/ui/_user_group_tabs.mako" args="group_id=group_id, level=level, current=current"/>
