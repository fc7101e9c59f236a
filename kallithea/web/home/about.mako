<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("About")}</%block>
<%block name="main_class">text</%block>
<h1>${_("About %(site)s", site=page.title)}</h1>
<div class="k-prose mt-3">
<p>${_("This site runs Kallithea %(version)s, which hosts Git and Mercurial repositories. It is free software under the GNU General Public License, version 3 or later.", version=shell.version)}</p>
<p>${_("Kallithea stands on the work of others, among them Mercurial, Git and dulwich for version control, Pyramid, SQLAlchemy and Mako for the application, and Bootstrap and Octicons for what you see.")}</p>
</div>
