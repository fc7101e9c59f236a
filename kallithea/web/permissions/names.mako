## The choices of a field, without the frame of a page
% for name in page.names:
<option value="${name}"></option>
% endfor
