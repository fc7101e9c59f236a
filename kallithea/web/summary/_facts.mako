<%page args="part"/>
% if part.facts is not None:
<section><h2>${_("Activity")} <span class="more muted">${_n("%(count)s week", "%(count)s weeks", 52)}</span></h2>${part.facts.picture}<p class="small muted mb-0 mt-2">${part.facts.words} <a href="${part.statistics_address}">${_("Statistics")}</a></p></section>
% if part.facts.languages:
<section><h2>${_("Languages")} <span class="more muted num">${part.facts.language_words}</span></h2>${part.facts.language_bar}
<div class="row-f wrap small soft">
% for language in part.facts.languages:
<span><span class="k-sw ${language.css_class}"></span> ${language.name} <span class="muted num">${language.share}</span></span>
% endfor
</div></section>
% endif
<section><h2>${_("Contributors")} <span class="more muted num">${number(part.facts.people_count)}</span></h2><div class="k-people">
% for person in part.facts.people:
<a href="${person.address}" title="${person.words}" aria-label="${person.words}">${shell.avatar(person.avatar, 24)}</a>
% endfor
</div></section>
% elif part.words:
<section><h2>${_("Activity")}</h2><p class="small muted mb-0">${part.words}</p></section>
% else:
<section><h2>${_("Activity")}</h2><p class="small muted mb-0"><a href="${part.page_address}">${_("Count the commits of all history")}</a></p></section>
% endif
