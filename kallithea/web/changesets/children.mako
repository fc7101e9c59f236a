<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Children of %(commit)s", commit=page.commit.short)} · ${page.path}</%block>
<div class="k-head"><h1>${_("Child changesets") if page.mercurial else _("Child commits")}
## Translators: after the heading "Child changesets" or "Child commits"
<span class="sub">${_("of %(commit)s", commit=element("code", page.commit.short))}</span></h1><a class="btn btn-default" href="${page.changeset_address}${page.commit.commit_id}">${shell.icon("arrow-left")}${_("Back to the changeset") if page.mercurial else _("Back to the commit")}</a></div>
% if page.children:
<section class="k-panel" aria-label="${_('Child changesets') if page.mercurial else _('Child commits')}">
<table class="k-table k-log tight"><caption>${_("Changesets that have %(commit)s as a parent, newest first", commit=page.commit.short) if page.mercurial else _("Commits that have %(commit)s as a parent, newest first", commit=page.commit.short)}</caption>
<%include file="/ui/_commit_rows.mako" args="commits=page.children, address=page.changeset_address"/></table>
% if page.most:
<div class="ft small muted">${_("Only the newest %(commits)s of them are shown.", commits=page.most)}</div>
% endif
</section>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("git-commit")}<h2>${_("No child changesets") if page.mercurial else _("No child commits")}</h2><p>${_("No changeset that is shown here has %(commit)s as a parent.", commit=page.commit.short) if page.mercurial else _("No commit of a branch has %(commit)s as a parent.", commit=page.commit.short)}</p></div></div>
% endif
