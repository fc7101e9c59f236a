## What came of saving. problem: why nothing was saved; refused: the words are at the fields; saved
<%page args="problem, refused, saved"/>
% if problem:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved.")} ${problem}</p></div>
% elif refused:
<div class="k-notice bad" role="alert">${shell.icon("alert")}<p>${_("Nothing was saved. What is wrong stands below the fields.")}</p></div>
% elif saved:
<div class="k-notice ok" role="status">${shell.icon("check-circle")}<p>${_("The settings are saved.")}</p></div>
% endif
