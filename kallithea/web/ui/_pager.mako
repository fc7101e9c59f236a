## Newer and older, or previous and next. page: Pager
<%page args="pager"/>
<nav class="k-page small" aria-label="${_('Pages')}"><span>${pager.words}</span><span class="k-btns">
% for label, address in ((pager.previous_label, pager.previous), (pager.next_label, pager.next)):
% if address:
<a class="btn btn-default btn-xs" href="${address}">${label}</a>
% else:
<span class="btn btn-default btn-xs disabled" aria-disabled="true">${label}</span>
% endif
% endfor
</span></nav>
