<%inherit file="/ui/layout.mako"/>
<%block name="title">${_("Extra fields")} · ${page.path}</%block>
<div class="k-cols nav-l">
<%include file="/ui/_repository_side.mako" args="path=page.path, current='settings/fields'"/>
<div class="stack"><div class="k-head mb-0"><h1>${_("Extra fields")}</h1></div>
<%include file="/ui/_outcome.mako" args="form=page.record"/>
<form class="stack" method="post" action="${shell.links.repository(page.path, 'settings/fields')}">${shell.csrf_field}<input type="hidden" name="was" value="${page.record.was}">
% for field in page.fields:
<section class="k-panel" aria-label="${_('Field %(key)s', key=field.key)}"><div class="hd"><h2 class="mono">${field.key}</h2><label class="k-seen ms-auto"><input class="form-check-input" type="checkbox" name="remove-${field.key}" value="1"${' checked' if field.key in page.removed else ''}>${_("Remove")}</label></div><div class="bd">
<%include file="/repository_settings/_field.mako" args="suffix='-' + field.key, label=field.label, value=field.value, label_name='label-' + field.key, value_name='value-' + field.key, problems=page.problems"/>
</div></section>
% endfor
<section class="k-panel" aria-labelledby="new"><div class="hd"><h2 id="new">${_("New field")}</h2></div><div class="bd">
<div class="k-field"><label class="form-label" for="key">${_("Key")}</label><input class="form-control mono ${'k-invalid' if 'key' in page.problems else ''}" id="key" name="new_field_key" value="${page.new.key}" maxlength="63" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="key-h${' key-e' if 'key' in page.problems else ''}"${' aria-invalid=true' if 'key' in page.problems else ''}><div class="form-text" id="key-h">${_("What programs call it, such as %(example)s. It stays as it is.", example=element("code", "cost_centre"))}</div><%include file="/ui/_field_error.mako" args="problem=page.problems.get('key', ''), id='key-e'"/></div>
<%include file="/repository_settings/_field.mako" args="suffix='', label=page.new.label, value=page.new.value, label_name='new_field_label', value_name='new_field_value', problems=page.problems"/>
</div></section>
<div><button class="btn btn-primary" type="submit">${_("Save fields")}</button></div></form>
<p class="small muted mb-0">${_("Whoever may read the repository sees label and value on its summary.")}</p></div></div>
