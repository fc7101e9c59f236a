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
<span class="row-f small justify-content-end k-lastc"><a class="quiet soft clip" href="${shell.links.changeset(page.position.repository, page.position.commit.commit_id)}">${page.position.commit.subject}</a><a class="k-hash" href="${shell.links.changeset(page.position.repository, page.position.commit.commit_id)}">${page.position.commit.short}</a><span class="muted nowrap">${shell.reader.ago_short(page.position.commit.when)}</span></span></div>
