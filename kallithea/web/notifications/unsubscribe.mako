<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("End mails")}</%block>
<%block name="main_class">slim</%block>
<%block name="content_scripts"/>
% if page.done:
<div class="k-panel"><div class="k-empty">${shell.icon("check-circle")}<h1 class="h6">${_("These mails have ended")}</h1>\
% if page.whole:
<p>${_("You are sent no mails about events any more. In your settings you can choose otherwise.")}</p>\
% else:
<p>${_("You are sent no mails about this repository any more. In the list of those that you follow you can choose otherwise.")}</p>\
% endif
<a class="btn btn-default" href="${shell.links.home()}">${_("All repositories")}</a></div></div>
% else:
<div class="k-panel"><div class="k-empty">${shell.icon("mail")}<h1 class="h6">${_("End these mails?")}</h1>\
% if page.whole:
<p>${_("You will be sent no mails about events any more.")}</p>\
% else:
<p>${_("You will be sent no mails about this repository any more.")}</p>\
% endif
<form method="post" action="${page.address}"><button class="btn btn-primary" type="submit">${_("End these mails")}</button></form></div></div>
% endif
