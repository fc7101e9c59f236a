<%inherit file="/ui/layout.mako"/>
<%block name="title">${page.title}</%block>
<%block name="main_class">text</%block>
<div class="k-err"><svg class="art" viewBox="0 0 120 120" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round"><path d="M30 22v76"/><path d="M30 58c36 0 26-30 52-30"/><path class="hot" d="M30 58c36 0 26 32 44 32" stroke-dasharray="1 10"/><circle cx="30" cy="14" r="7"/><circle cx="30" cy="106" r="7"/><circle cx="91" cy="28" r="7"/><path class="hot" d="m88 84 12 12m0-12L88 96"/></g></svg>
<div><p class="code">${page.code}</p><h1>${page.title}</h1><p class="soft">${page.text}</p>
% if page.nearby and page.nearby.asked:
<p class="soft">\
% if page.nearby.revision:
${_("Looked for: %(path)s in %(revision)s", path=element("code", page.nearby.asked, class_="text-break"), revision=element("code", page.nearby.revision, class_="text-break"))}\
% else:
${_("Looked for: %(name)s", name=element("code", page.nearby.asked, class_="text-break"))}\
% endif
</p>
% endif
<div class="row-f wrap mb-3">\
% if page.nearby and page.nearby.folder:
<a class="btn btn-primary text-break" href="${page.nearby.folder.address}">${_("Go to %(repository)s", repository=page.nearby.folder.name)}</a><a class="btn btn-default" href="${page.link_address}">${page.link_name}</a>
% else:
<a class="btn btn-primary" href="${page.link_address}">${page.link_name}</a>
% endif
% if page.wanted:
<a class="btn btn-default text-break" href="${shell.links.page('_search', q=page.wanted)}" rel="nofollow">${_("Search for %(name)s", name=page.wanted)}</a>
% endif
% if not shell.identity.signed_in and page.code in (403, 404):
<a class="btn btn-default" href="${shell.links.page('_admin/login')}"${' target=_blank rel=noopener' if page.kept else ''}>${_("Sign in")}</a>
% endif
</div>
% if page.nearby and page.nearby.close:
<p class="small muted">${_("Close to what you typed:")}\
% for close in page.nearby.close:
 <a class="text-break" href="${close.address}">${close.name}</a>${"" if loop.last else ","}\
% endfor
</p>
% endif
% if page.reference:
<p class="small muted">${_("If you report it, give this number:")} <code>${page.reference}</code></p>
% endif
</div></div>
% if page.kept:
<section class="k-panel mt-4" aria-labelledby="kept"><div class="hd"><h2 id="kept">${_("What you wrote")}</h2></div><form class="bd" method="post" action="${page.kept.action}"${' enctype=multipart/form-data' if page.kept.multipart else ''}>${shell.csrf_field}
<p class="soft">${_("It is kept on this page, as long as that is open, and can be sent again.") if shell.identity.signed_in else _("It is kept on this page, as long as that is open: sign in in another tab, come back here, and send it again.")}</p>
% for field in page.kept.fields:
% if not field.label:
<input type="hidden" name="${field.name}" value="${field.value}">
% elif field.asked:
<div class="k-field"><label class="form-label" for="kept-${loop.index}">${field.label}</label><input class="form-control" type="${'text' if field.name == 'clone_uri' else 'password'}" id="kept-${loop.index}" name="${field.name}" value="" required autocomplete="off" spellcheck="false"></div>
% elif field.is_long:
<div class="k-field"><label class="form-label" for="kept-${loop.index}">${field.label}</label><textarea class="form-control ${'k-source' if field.name == 'content' else ''}" id="kept-${loop.index}" name="${field.name}" rows="${16 if field.name == 'content' else 3}"${' wrap=off' if field.name == 'content' else ''} spellcheck="false">
${field.value}</textarea></div>
% else:
<div class="k-field"><label class="form-label" for="kept-${loop.index}">${field.label}</label><input class="form-control" id="kept-${loop.index}" name="${field.name}" value="${field.value}" spellcheck="false"></div>
% endif
% endfor
<button class="btn btn-primary" type="submit">${_("Send again")}</button></form></section>
% endif
