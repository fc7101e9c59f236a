## What came of a form that writes a whole record. form: RecordForm
<%page args="form"/>
% if form.problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was changed.")} ${form.problem}</p></div>
% elif form.refused:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was changed. What is wrong stands below the fields.")}</p></div>
% elif form.done:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${form.done}</p></div>
% endif
