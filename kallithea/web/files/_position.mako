% if page.position.saved:
<div class="k-notice ok" role="status">${shell.icon("check")}<p>${_("Saved on %(branch)s:", branch=page.position.pick.name)} <a class="k-hash" href="${shell.links.changeset(page.position.repository, page.position.commit.commit_id)}">${page.position.commit.short}</a></p></div>
% endif
<div class="row-f wrap"><%include file="/ui/_refpick.mako" args="pick=page.position.pick"/>
<h1 class="k-path fw-normal m-0" data-permanent="${page.position.permanent_address}"><a href="${page.position.root_address}">${page.position.root_name}</a>\
% for part in page.position.parts:
<span class="sep">/</span>\
% if loop.last:
<b>${part.name}</b>\
% else:
<a href="${part.address}">${part.name}</a>\
% endif
% endfor
</h1>
% if page.position.path_text:
<button class="btn btn-ghost btn-xs k-hide-s" type="button" data-copy="${page.position.path_text}" aria-label="${_('Copy path')}" data-copied="${_('Copied')}">${shell.icon("copy")}</button>
% endif
% if page.position.last:
<span class="row-f small justify-content-end k-lastc"><%include file="_own_change.mako" args="repository=page.position.repository, commit=page.position.last"/></span></div>
% else:
<span class="row-f small justify-content-end k-lastc" data-part="${page.position.last_address}"></span></div>
% endif
