// Keyboard shortcuts. They are off in text fields and dialogs, and listed in <dialog id="keys">. Who switches them off in
// the account menu has none: single keys get in the way of those who speak to their computer.

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, .k-editor";
// The row that a script adds below the last change of a file shows lines, and is no change.
const HUNKS = '.k-diff tr.hunk:not([data-gap$=" 0"])';
const find = (selector) => document.querySelector(selector);
const findShown = (selector) => [...document.querySelectorAll(selector)].filter((one) => one.getClientRects().length);

// Where an element comes to rest when it is scrolled to: below the bars that stick to the top.
function restOf(element) {
  const padding = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  return padding + (parseFloat(getComputedStyle(element).scrollMarginTop) || 0);
}

// Whether somebody sees it; a focus that was scrolled away says no longer where they are.
function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

// Goes to the next (step 1) or the previous (-1) element, seen from the focus, or else from the top of the window.
function jump(selector, step) {
  const stops = findShown(selector);
  if (!stops.length) return;
  const here = stops.findIndex((stop) => stop.contains(document.activeElement) && isInView(document.activeElement));
  const below = stops.findIndex((stop) => stop.getBoundingClientRect().top > restOf(stop) + 1);
  const firstBelow = below < 0 ? stops.length : below;
  const target = here >= 0 ? here + step : step > 0 ? firstBelow : firstBelow - 1;
  const stop = stops[Math.max(0, Math.min(stops.length - 1, target))];
  stop.scrollIntoView({ block: "start" });
  // a change that nothing was left out before has no link, so its row takes the focus: the next key counts from there
  let focus = stop.querySelector(".fold, a.ex");
  if (!focus) {
    focus = stop;
    focus.tabIndex = -1;
  }
  focus.focus({ preventScroll: true });
}

// The file in which the focus is, or else the first below the bars.
function findFile() {
  const focused = document.activeElement.closest(".k-file");
  if (focused && isInView(focused)) return focused;
  return findShown(".k-file").find((file) => file.getBoundingClientRect().bottom > restOf(document.documentElement));
}

function markViewed() {
  const file = findFile();
  file?.querySelector(".k-seen input")?.click();
  const fold = file?.querySelector(".fold");
  // what had the focus may be folded away, and what was read may be the end of a long file
  fold?.focus({ preventScroll: true });
  if (fold && !isInView(fold)) file.scrollIntoView({ block: "start" });
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

// Lists what can be done here: a key that does nothing on this page is left out.
function showKeys() {
  for (const row of document.querySelectorAll("#keys [data-key]")) row.hidden = !find(ACTIONS[row.dataset.key][0]);
  find("#keys").showModal();
}

// What each key needs on the page, and what it does with that.
const ACTIONS = {
  "/": ["#q", () => find("#q").focus()],
  "?": ["#keys", showKeys],
  a: ["[data-annotate]", () => find("[data-annotate]").click()],
  b: ["details.k-pick", openRefs],
  j: [".k-diff tr.hunk", () => jump(HUNKS, 1)],
  k: [".k-diff tr.hunk", () => jump(HUNKS, -1)],
  l: ["#line", () => find("#line").showModal()],
  n: [".k-file", () => jump(".k-file", 1)],
  p: [".k-file", () => jump(".k-file", -1)],
  s: [".k-difftools .k-seg a:not([aria-current])", (selector) => find(selector).click()],
  t: ["[data-find]", () => (find("input[data-find]") ? find("input[data-find]").focus() : find("a[data-find]").click())],
  v: [".k-seen input", markViewed],
  w: ["[data-word]", () => find("[data-word]").click()],
  y: ["[data-permanent]", makePermanent],
};

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.shortcuts === "off") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const [needed, action] = ACTIONS[event.key] ?? [];
  if (!needed || !find(needed)) return;
  event.preventDefault();
  action(needed);
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
