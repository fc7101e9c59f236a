## One side of a comparison. title: str, side: SideView
<%def name="side(title, side)"><fieldset class="row-f wrap m-0"><legend class="form-label">${title}</legend><a class="btn btn-default" href="${side.repository_address}">${shell.icon("repo")}<span class="clip">${side.repository}</span></a>
<%include file="/ui/_refpick.mako" args="pick=side.pick"/>
<a class="k-hash" href="${side.commit.address}">${side.commit.name}</a></fieldset></%def>
