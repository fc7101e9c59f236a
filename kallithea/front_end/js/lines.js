// Lines of a file, <table class="k-code" data-lines>: a click on a number selects the line, Shift-click extends the
// selection, and the address says what is selected: #L10 or #L10-L20. A bar, <... data-linebar>, then has what can be done
// with them, and whether they are on the page at all. A document, <... data-source="ADDRESS">, has no such lines: they are
// on the page of its source.

const CONTEXT_LINES = 4;
const code = document.querySelector(".k-code[data-lines]");
const bar = document.querySelector("[data-linebar]");
const rendered = document.querySelector("[data-source]");
let anchor = 0;

function selectedLines() {
  const match = /^#L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
  if (!match) return null;
  const ends = [Number(match[1]), Number(match[2] ?? match[1])];
  return { first: Math.min(...ends), last: Math.max(...ends) };
}

function showBar(lines) {
  bar.hidden = !lines;
  if (!lines) return;
  const { one, several } = bar.dataset;
  bar.querySelector("b").textContent =
    lines.first === lines.last ? one.replace("#", lines.first) : several.replace("##", lines.last).replace("#", lines.first);
  const permanent = new URL(document.querySelector("[data-permanent]").dataset.permanent, location);
  permanent.search = location.search;
  permanent.searchParams.delete("at");
  permanent.hash = location.hash;
  bar.querySelector("[data-copy]").dataset.copy = permanent.href;
  showAbsence(lines);
  const past = bar.querySelector("[data-lines-history]");
  if (past) {
    // put together as text: what is read of a query and written anew are other bytes where a name is no UTF-8
    const address = past.dataset.linesHistory;
    const range = lines.first === lines.last ? lines.first : `${lines.first}-${lines.last}`;
    past.href = `${address}${address.includes("?") ? "&" : "?"}lines=${range}`;
  }
  const annotation = bar.querySelector("[data-page-lines]");
  if (!annotation) return;
  const there = new URL(annotation.href);
  there.searchParams.set("page", Math.ceil(lines.first / annotation.dataset.pageLines));
  there.hash = location.hash;
  annotation.href = there.href;
}

function showAbsence(lines) {
  const words = bar.querySelector("[data-absent]");
  if (!words) return;
  words.hidden = document.getElementById(`L${lines.first}`) !== null;
  const link = words.querySelector("a");
  if (!link) return;
  const there = new URL(link.href);
  const atOnce = Number(link.dataset.atOnce);
  if (atOnce) there.searchParams.set("page", Math.ceil(lines.first / atOnce));
  else there.searchParams.set("from", Math.max(1, lines.first - CONTEXT_LINES));
  there.hash = location.hash;
  link.href = there.href;
}

function showSelection() {
  for (const row of code.querySelectorAll("tr.sel")) row.classList.remove("sel");
  const lines = selectedLines();
  if (bar) showBar(lines);
  if (!lines) return;
  for (const row of code.querySelectorAll("tr[id^=L]")) {
    const number = Number(row.id.slice(1));
    row.classList.toggle("sel", number >= lines.first && number <= lines.last);
  }
}

function select(event) {
  const link = event.target.closest("td.ln a");
  if (!link) return;
  event.preventDefault();
  const line = Number(link.hash.slice(2));
  const extends_ = event.shiftKey && anchor;
  history.replaceState(null, "", extends_ ? `#L${Math.min(anchor, line)}-L${Math.max(anchor, line)}` : `#L${line}`);
  if (!extends_) anchor = line;
  showSelection();
}

if (code) {
  code.addEventListener("click", select);
  addEventListener("hashchange", showSelection);
  showSelection();
  const lines = selectedLines();
  if (lines) {
    anchor = lines.first;
    document.getElementById(`L${Math.max(1, lines.first - CONTEXT_LINES)}`)?.scrollIntoView();
  }
}

function goToSource() {
  if (selectedLines()) location.replace(rendered.dataset.source + location.hash);
}

if (rendered) {
  addEventListener("hashchange", goToSource);
  goToSource();
}
