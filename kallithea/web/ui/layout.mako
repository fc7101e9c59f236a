## The frame of every page. Pages fill the blocks title, head, main_class and bare (anything in it: no top bar) and the body.
## Pages that show no contents of repositories may leave content_scripts empty.
<!doctype html>
<html lang="${shell.reader.language.tag}" data-path="${shell.links.prefix or '/'}" data-ages="${shell.reader.short_units}" data-bs-theme="${shell.preferences['theme']}" data-diff-palette="${shell.preferences['palette']}" data-shortcuts="${shell.preferences['shortcuts']}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%block name="title"/> · ${shell.site_title}</title>
<link rel="icon" href="${shell.asset('images/logo.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${shell.asset('css/kallithea.css')}">
% for script in shell.scripts:
<script src="${shell.asset(script)}" type="module"></script>
% endfor
<%block name="content_scripts">
% for script in shell.content_scripts:
<script src="${shell.asset(script)}" type="module"></script>
% endfor
</%block>
% if shell.bar:
<link rel="alternate" type="application/atom+xml" href="${shell.links.repository(shell.bar.path, 'feed/atom')}" title="${shell.bar.path}">
% endif
<%block name="head"/>
</head>
<body>
<a class="k-skip" href="#main">${_("Skip to content")}</a>
<%block name="header">
<%include file="/ui/_top.mako"/>
% if shell.bar:
<%include file="/ui/_repobar.mako"/>
% endif
</%block>
<main id="main" class="k-main <%block name="main_class"/>" tabindex="-1">
% if shell.jobs_wait_since:
<div class="k-notice warn mb-3" role="status">${shell.icon("alert")}<p>${_("Jobs wait since %(time)s, and nobody takes them: no worker seems to be running.", time=shell.reader.moment(shell.jobs_wait_since))} <a href="${shell.links.page('_admin/jobs', state='waiting')}">${_("Look at the jobs")}</a></p></div>
% endif
${next.body()}
</main>
## Where the key t leads from a page of a repository that has no link of its own to there.
<%block name="finder">
% if shell.bar:
<a href="${shell.links.repository(shell.bar.path, 'files-find')}" data-find hidden>${_("Find file")}</a>
% endif
</%block>
<%include file="/ui/_keys.mako"/>
<footer class="k-foot"><span>Kallithea${f" {shell.version}" if shell.version else ""}</span><a href="${shell.links.page('about')}">${_("About")}</a>\
% if shell.meter:
<span class="grow"></span><span class="num">${_("Page made in %(time)s ms with %(statements)s and %(processes)s", time=shell.meter.milliseconds, statements=_n("%(count)s query", "%(count)s queries", shell.meter.statements), processes=_n("%(count)s git process", "%(count)s git processes", shell.meter.processes))}</span>\
% endif
</footer>
</body>
</html>
