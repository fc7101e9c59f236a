<%page args="lines, path"/>
<div class="k-scroll" tabindex="0" role="region" aria-label="${_('Lines of %(path)s', path=path)}"><table class="k-code"><caption>${_("Lines of %(path)s", path=path)}</caption><thead class="vh"><tr><th scope="col">${_("Line")}</th><th scope="col">${_("Code")}</th></tr></thead><tbody>
% for line in lines:
% if line.gap:
<tr class="gap"><td></td><td></td></tr>
% endif
<tr><td class="ln"><a href="${line.address}">${line.number}</a></td><td class="src">${line.code}</td></tr>
% endfor
</tbody></table></div>
