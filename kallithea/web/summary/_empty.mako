<div class="stack"><div class="k-notice" role="status">${shell.icon("info")}<p>${_("Repository %(path)s is empty.", path=element("b", page.path))}
% if page.may_write:
 ${_("Push to it as shown here, or begin with a file.")}
% else:
 ${_("Nobody has pushed to it yet.")}
% endif
</p></div>
% if page.description:
<p class="soft m-0">${page.description}</p>
% endif
% if page.source:
<p class="soft m-0">${_("Forked from %(repository)s", repository=element("a", page.source, href=shell.links.repository(page.source)))}</p>
% endif
<section class="k-panel"><div class="hd"><h2>${_("Push to this repository")}</h2></div>
<div class="bd"><div class="k-cols half">
% if page.kind == "hg":
<div><h3 class="mb-2">${_("Start a new repository")}</h3><pre class="k-pre" tabindex="0" role="region" aria-label="${_('Commands to start')}"><span class="pr">$ </span>hg clone ${page.clone_address}
<span class="pr">$ </span>cd ${page.name}
<span class="pr">$ </span>echo "${page.name}" > README.md
<span class="pr">$ </span>hg commit --addremove -m "First changeset"
<span class="pr">$ </span>hg push</pre></div>
<div><h3 class="mb-2">${_("Push one that you have")}</h3><pre class="k-pre" tabindex="0" role="region" aria-label="${_('Commands to push')}"><span class="pr">$ </span>hg push ${page.clone_address}

<span class="pr"># ${_("keep the address for later, in .hg/hgrc")}</span>
[paths]
default = ${page.clone_address}</pre></div>
% else:
<div><h3 class="mb-2">${_("Start a new repository")}</h3><pre class="k-pre" tabindex="0" role="region" aria-label="${_('Commands to start')}"><span class="pr">$ </span>git clone ${page.clone_address}
<span class="pr">$ </span>cd ${page.name}
<span class="pr">$ </span>git switch -c main
<span class="pr">$ </span>echo "${page.name}" > README.md
<span class="pr">$ </span>git add README.md
<span class="pr">$ </span>git commit -m "First commit"
<span class="pr">$ </span>git push -u origin main</pre></div>
<div><h3 class="mb-2">${_("Push one that you have")}</h3><pre class="k-pre" tabindex="0" role="region" aria-label="${_('Commands to push')}"><span class="pr">$ </span>git remote add origin ${page.clone_address}
<span class="pr">$ </span>git push -u origin --all
<span class="pr">$ </span>git push origin --tags</pre></div>
% endif
</div></div>
% if page.may_write and shell.identity.signed_in:
<div class="ft"><a class="btn btn-default btn-xs" href="${shell.links.change('add', page.path)}">${shell.icon("file-added")}${_("Create a file")}</a><a class="btn btn-default btn-xs" href="${shell.links.change('upload', page.path)}">${shell.icon("upload")}${_("Upload files")}</a></div>
% endif
</section></div>
