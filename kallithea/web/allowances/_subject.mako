## The form about one subject, and what came of it. page: SubjectPage
% if page.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved.")} ${page.problem}</p></div>
% elif page.saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("What is allowed is saved.")}</p></div>
% endif
<section class="k-panel" aria-label="${_('Allowed on the site')}"><form class="bd" method="post" action="${shell.links.page(f'{page.folder}/allowances/{page.subject_id}')}">${shell.csrf_field}
<p class="soft k-why">${_("Whatever an account is allowed itself, by one of its groups, or as all signed-in users are, it may do. What is not checked here takes nothing away.")}</p>
<%include file="_boxes.mako" args="form=page.form"/>
<button class="btn btn-primary" type="submit">${_("Save")}</button></form></section>
