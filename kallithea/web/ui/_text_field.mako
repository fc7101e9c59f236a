## A field of one line. field: TextField
<%page args="field"/>
<div class="k-field"><label class="form-label" for="${field.id}">${field.label}</label><input class="form-control ${'k-invalid' if field.problem else ''}" type="${field.kind}" id="${field.id}" name="${field.name}" value="${field.value}" maxlength="${field.longest}" autocomplete="${field.autocomplete}" spellcheck="false"${' required' if field.required else ''}${' aria-invalid=true' if field.problem else ''}\
% if field.hint:
 aria-describedby="${field.id}-h${f' {field.id}-e' if field.problem else ''}"\
% elif field.problem:
 aria-describedby="${field.id}-e"\
% endif
>\
% if field.hint:
<div class="form-text" id="${field.id}-h">${field.hint}</div>\
% endif
<%include file="/ui/_field_error.mako" args="problem=field.problem, id=f'{field.id}-e'"/></div>
