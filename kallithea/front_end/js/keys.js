// Keyboard shortcuts. They are off in text fields and dialogs, and listed in <dialog id="keys">. Who switches them off in
// the account menu has none: single keys get in the way of those who speak to their computer.

// What lies above this height of the window is under the bars that stick to the top.
const STICKY_PX = 68;
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, .k-editor";
const find = (selector) => document.querySelector(selector);
const showKeys = () => find("#keys")?.showModal();

// Goes to the next (step 1) or the previous (-1) element, seen from the focus, or else from the top of the window.
function jump(selector, step) {
  const stops = [...document.querySelectorAll(selector)];
  if (!stops.length) return;
  const here = stops.findIndex((stop) => stop.contains(document.activeElement));
  const below = stops.findIndex((stop) => stop.getBoundingClientRect().top > STICKY_PX);
  const firstBelow = below < 0 ? stops.length : below;
  const target = here >= 0 ? here + step : step > 0 ? firstBelow : firstBelow - 1;
  const stop = stops[Math.max(0, Math.min(stops.length - 1, target))];
  stop.scrollIntoView({ block: "start" });
  stop.querySelector(".fold, a.ex")?.focus({ preventScroll: true });
}

function openRefs() {
  const menu = find("details.k-pick");
  if (!menu) return;
  menu.open = true;
  menu.querySelector("input")?.focus();
}

// Shows the address that names the commit instead of a branch, with the line that is selected.
function makePermanent() {
  const address = find("[data-permanent]")?.dataset.permanent;
  if (!address) return;
  const query = new URLSearchParams(location.search);
  query.delete("at");
  history.replaceState(null, "", address + (query.size ? `?${query}` : "") + location.hash);
}

const ACTIONS = {
  "/": () => find("#q")?.focus(),
  "?": showKeys,
  a: () => find("[data-annotate]")?.click(),
  b: openRefs,
  j: () => jump(".k-diff tr.hunk", 1),
  k: () => jump(".k-diff tr.hunk", -1),
  l: () => find("#line")?.showModal(),
  n: () => jump(".k-file", 1),
  p: () => jump(".k-file", -1),
  s: () => find(".k-difftools .k-seg a:not([aria-current])")?.click(),
  t: () => (find("input[data-find]") ? find("input[data-find]").focus() : find("a[data-find]")?.click()),
  v: () => document.activeElement.closest(".k-file")?.querySelector(".k-seen input")?.click(),
  w: () => find("[data-word]")?.click(),
  y: makePermanent,
};

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

find("#line form")?.addEventListener("submit", (event) => {
  const number = event.target.elements.line.value;
  if (number) location.hash = `#L${number}`;
});

for (const link of document.querySelectorAll("[data-keys]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    showKeys();
  });
}
