<%page args="problem, id"/>
% if problem:
<p class="k-error" id="${id}" role="alert">${shell.icon("alert")}<span>${shell.reader.sentence(problem)}</span></p>
% endif
