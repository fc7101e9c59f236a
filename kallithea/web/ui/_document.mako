<%page args="document"/>
<section class="k-panel" aria-labelledby="rm-t"><div class="hd"><h2 id="rm-t" class="row-f">${shell.icon("book", "muted")}${document.name}</h2></div><div class="bd"><div class="k-prose">${document.html}</div></div></section>
