## What is allowed to a subject, to be checked. form: AllowanceForm
<%page args="form"/>
<input type="hidden" name="was" value="${form.was}">
% for box in form.boxes:
<div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="al-${box.allowance}" name="allow-${box.allowance}" value="1"${' checked' if box.checked else ''}><label class="form-check-label" for="al-${box.allowance}">${box.allowance.words} <span class="muted small d-block">${box.allowance.hint}</span></label></div>
% endfor
