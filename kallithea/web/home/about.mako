<%inherit file="/ui/layout.mako"/>
<%block name="title">About</%block>
<%block name="main_class">text</%block>
<h1>About ${page.title}</h1>
<div class="k-prose mt-3">
<p>This site runs Kallithea ${shell.version}, which hosts Git and Mercurial repositories. It is free software under the GNU General Public License, version 3 or later.</p>
<p>Kallithea stands on the work of others, among them Mercurial, Git and dulwich for version control, Pyramid, SQLAlchemy and Mako for the application, and Bootstrap and Octicons for what you see.</p>
</div>
