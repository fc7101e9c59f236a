// Menus are <details class="k-menu">: one is open at a time; Escape and a click outside close it.

const openMenus = () => document.querySelectorAll(".k-menu[open]");

function closeMenusWithout(element) {
  for (const menu of openMenus()) {
    if (!menu.contains(element)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenusWithout(event.target));

// "toggle" does not bubble, hence the capture.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.(".k-menu") && event.target.open) closeMenusWithout(event.target);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
