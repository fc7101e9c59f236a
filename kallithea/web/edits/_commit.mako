## The message and the button, whose words the page has. css_class: of the button
<%page args="css_class='btn-primary'"/>
<div class="k-field"><label class="form-label" for="m">${_("Message")}</label><textarea class="form-control ${'k-invalid' if 'message' in page.problems else ''}" id="m" name="message" rows="3" required maxlength="20000"${' aria-invalid=true aria-describedby=m-e' if 'message' in page.problems else ''}>
${page.message}</textarea><%include file="/ui/_field_error.mako" args="problem=page.problems.get('message', ''), id='m-e'"/></div>
<div class="row-f wrap">
% if page.conflict is None:
<button class="btn ${css_class}" type="submit">${page.button}</button>
% elif page.conflict.same:
<button class="btn ${css_class}" type="submit" name="onto" value="${page.conflict.commit.commit_id}">${page.button}</button>
% else:
## Enter in a field presses the first button; were there none, it would send the form
<button class="btn ${css_class}" type="submit" disabled aria-describedby="conflict">${page.button}</button>
% endif
% if page.over:
<button class="btn btn-danger-o" type="submit" name="over" value="${page.over.head}">${page.over.words}</button>
% endif
<a class="btn btn-ghost" href="${page.frame.back_address}">${_("Cancel")}</a></div>
