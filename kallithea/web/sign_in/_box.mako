## The frame of pages that lead to an account: its name is the block "title"
<%inherit file="/ui/layout.mako"/>
<%block name="main_class">text</%block>
<%block name="header"></%block>
<div class="k-auth"><div class="box"><svg class="logo" aria-hidden="true" focusable="false"><use href="${shell.asset('icons/icons.svg')}#k-mark"/></svg><h1>${self.title()}</h1>
${next.body()}
<p class="small muted text-center mt-3"><a href="${shell.links.page('_admin/login')}">${_("Sign in")}</a> · <a href="${shell.links.home()}">${_("Browse the repositories that everybody may read")}</a></p></div></div>
