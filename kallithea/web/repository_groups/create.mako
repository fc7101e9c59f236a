<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("New repository group")}</%block>
<%block name="main_class">slim</%block>
<h1 class="mb-3">${_("New repository group")}</h1>
<section class="k-panel" aria-label="${_('New repository group')}"><form class="bd" method="post" action="${shell.links.page('_admin/repo_groups')}">${shell.csrf_field}
<div class="k-field"><label class="form-label" for="n">${_("Name")}</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="group_name" value="${page.name}" required maxlength="240" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">${_("With the groups above it, such as %(example)s. Those must exist.", example=element("code", "platform/infra"))}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
<div class="k-field"><label class="form-label" for="d">${_("Description")}</label><input class="form-control" id="d" name="group_description" value="${page.description}"></div>
<button class="btn btn-primary" type="submit">${_("Create group")}</button></form></section>
