<%inherit file="/ui/layout.mako"/>
<%block name="title">New repository group</%block>
<%block name="main_class">slim</%block>
<h1 class="mb-3">New repository group</h1>
<section class="k-panel" aria-label="New repository group"><form class="bd" method="post" action="${shell.links.page('_admin/repo_groups')}">${shell.csrf_field}
<div class="k-field"><label class="form-label" for="n">Name</label><input class="form-control ${'k-invalid' if 'name' in page.problems else ''}" id="n" name="group_name" value="${page.name}" required maxlength="240" autocomplete="off" spellcheck="false" aria-describedby="n-h${' n-e' if 'name' in page.problems else ''}"${' aria-invalid=true' if 'name' in page.problems else ''}><div class="form-text" id="n-h">With the groups above it, such as <code>platform/infra</code>. Those must exist.</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('name', ''), id='n-e'"/></div>
<div class="k-field"><label class="form-label" for="d">Description</label><input class="form-control" id="d" name="group_description" value="${page.description}"></div>
<button class="btn btn-primary" type="submit">Create group</button></form></section>
