// Copy buttons: data-copy is the text itself, data-copy-from a selector of the field that holds it; data-copied is what
// they say afterwards.

const SHOWN_MS = 1500;

function textOf(button) {
  return button.dataset.copy ?? document.querySelector(button.dataset.copyFrom)?.value ?? "";
}

function confirmOn(button) {
  const label = button.getAttribute("aria-label");
  if ("done" in button.dataset) return;
  button.dataset.done = "";
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    delete button.dataset.done;
    if (label === null) button.removeAttribute("aria-label");
    else button.setAttribute("aria-label", label);
  }, SHOWN_MS);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  event.preventDefault();
  // Browsers give a clipboard to https: and localhost only.
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(textOf(button));
  confirmOn(button);
});
