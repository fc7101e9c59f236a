// A diff's tools: "viewed" folds a file and moves the progress bar; the switch for changed words; what is not shown at
// once is fetched: a file's further changes, <a data-rest>, and unchanged lines, <tr data-gap="OLD NEW COUNT">. What the
// links to those say is in data-lines-above and data-lines-from of the tools, "#" being the number of a line.

const tools = document.querySelector(".k-difftools");
const progress = document.querySelector("progress[data-seen]");

function countViewed() {
  if (!progress) return;
  progress.value = document.querySelectorAll(".k-seen input:checked").length;
  const label = document.querySelector("[data-seen-n]");
  if (label) label.textContent = progress.value;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".k-seen input")) return;
  const fold = event.target.closest(".k-file")?.querySelector(".fold");
  if (fold) fold.checked = event.target.checked;
  countViewed();
});

document.querySelector("[data-word]")?.addEventListener("click", (event) => {
  const button = event.currentTarget;
  const shown = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", String(!shown));
  document.body.classList.toggle("k-word-off", shown);
});

async function fetchPart(address, query) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  return template.content;
}

function makeIcon(name) {
  const icon = document.querySelector("svg.ico").cloneNode(true);
  const use = icon.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
  icon.setAttribute("class", "ico");
  return icon;
}

// The row of a gap gets a link; without a script, the file's "More lines" shows the same.
function addLink(row) {
  const cell = row.querySelector("td.x");
  if (!cell || cell.firstChild) return;
  const [, first, count] = row.dataset.gap.split(" ").map(Number);
  const link = document.createElement("a");
  const { linesAbove, linesFrom } = tools.dataset;
  const words = count ? linesAbove.replace("#", first + count) : linesFrom.replace("#", first);
  Object.assign(link, { className: "ex", href: `#${row.closest("table").dataset.anchor}`, title: words });
  link.setAttribute("role", "button");
  link.setAttribute("aria-label", words);
  link.append(makeIcon(count ? "fold-up" : "unfold"));
  cell.append(link);
}

function addLinks(root) {
  for (const table of root.querySelectorAll("table[data-gap-after]")) {
    const row = table.tBodies[0].insertRow();
    row.className = "hunk";
    row.dataset.gap = table.dataset.gapAfter;
    const cell = row.insertCell();
    cell.className = "x";
    if (!table.classList.contains("split")) cell.colSpan = 2;
    row.insertCell().colSpan = table.classList.contains("split") ? 5 : 2;
    delete table.dataset.gapAfter;
  }
  for (const row of root.querySelectorAll("table[data-lines] tr[data-gap]")) addLink(row);
}

// Puts what was fetched where a link was; if that had the focus, it goes on to the first link there, or else to the lines.
function replace(place, part) {
  const held = place.contains(document.activeElement);
  const parent = place.closest(".k-file, main");
  const shown = [...part.children];
  place.replaceWith(part);
  addLinks(parent);
  if (!held) return;
  let focus = shown.map((one) => one.querySelector("a[href], button")).find(Boolean);
  if (!focus) {
    focus = shown[0] ?? parent;
    focus.tabIndex = -1;
  }
  focus.focus({ preventScroll: true });
}

async function showGap(row) {
  const table = row.closest("table");
  const [old, first, count] = row.dataset.gap.split(" ").map(Number);
  const query = { old, new: first, last: count ? first + count - 1 : 0, anchor: table.dataset.anchor };
  query.layout = table.classList.contains("split") ? "split" : "unified";
  replace(row, await fetchPart(table.dataset.lines, query));
}

async function showRest(link) {
  const anchor = link.closest(".k-file")?.id ?? "f1";
  replace(link.closest(".k-coll"), await fetchPart(link.href, { part: 1, anchor }));
}

document.addEventListener("click", (event) => {
  const rest = event.target.closest("a[data-rest]");
  const gap = event.target.closest("tr[data-gap] a.ex");
  const number = event.target.closest(".k-diff td.ln");
  if (rest || gap) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const link = rest ?? gap;
    link.setAttribute("aria-busy", "true");
    // what failed leads on as a link does
    (rest ? showRest(rest) : showGap(gap.closest("tr"))).catch(() => {
      link.removeAttribute("aria-busy");
      if (rest) location.assign(rest.href);
    });
  } else if (number) {
    const place = number.id || number.closest("tr").id;
    if (place) location.replace(`#${place}`);
  }
});

addLinks(document);
