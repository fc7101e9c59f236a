<%inherit file="/ui/layout.mako"/>
<%namespace name="sides" file="_sides.mako"/>
<%block name="title">${_("Compare")} · ${page.path}</%block>
<div class="k-head"><h1>${_("Compare")}</h1></div>
% if page.base.side and page.tip.side:
<section class="k-panel mb-3" aria-label="${_('Sides')}"><div class="bd"><div class="k-br">
${sides.side(_("Base"), page.base.side)}
<span class="arr">${shell.icon("arrow-right")}</span>
${sides.side(_("Compared with it"), page.tip.side)}
</div></div></section>
% else:
<div class="k-notice" role="status">${shell.icon("info")}<p>${page.empty_words}</p></div>
% endif
<section class="k-panel" aria-label="${_('By name')}"><div class="hd"><h2>${_("By name")}</h2></div><form class="bd" action="${shell.links.repository(page.path, 'compare')}">
<div class="k-field"><label class="form-label" for="b">${_("Base")}</label><input class="form-control" id="b" name="base" value="${page.base.text}" list="b-names" autocomplete="off" spellcheck="false" aria-describedby="b-h"><datalist id="b-names">
% for name in page.base.names:
<option value="${name}">
% endfor
</datalist><div class="form-text" id="b-h">${_("A branch, bookmark, tag, or the beginning of a commit's hash, in %(repository)s. Empty: the default.", repository=page.path)}</div></div>
<div class="k-field"><label class="form-label" for="t">${_("Compared with it")}</label><input class="form-control" id="t" name="tip" value="${page.tip.text}" list="t-names" autocomplete="off" spellcheck="false"><datalist id="t-names">
% for name in page.tip.names:
<option value="${name}">
% endfor
</datalist></div>
% if len(page.repositories) > 1:
<div class="k-field"><label class="form-label" for="r">${_("In the repository")}</label><select class="form-select" id="r" name="other_repo">
% for path in page.repositories:
<option value="${path}"${' selected' if path == page.other else ''}>${path}</option>
% endfor
</select></div>
% endif
<fieldset class="k-field"><legend class="form-label">${_("What is compared")}</legend><div class="k-seg"><label><input type="radio" name="dots" value="3"${'' if page.direct else ' checked'}>${_("Since the common ancestor")}</label><label><input type="radio" name="dots" value="2"${' checked' if page.direct else ''}>${_("Tips")}</label></div></fieldset>
<button class="btn btn-primary" type="submit" name="show" value="1">${shell.icon("git-compare")}${_("Compare")}</button></form></section>
