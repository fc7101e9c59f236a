// The menu of branches and tags is filled when it is opened, and again for what is typed: <details data-refs="ADDRESS">.
// data-failed says that it cannot be.

const PAUSE_MS = 150;

async function fill(menu, wanted) {
  const found = menu.querySelector("[data-refs-found]");
  const address = new URL(menu.dataset.refs, location.href);
  if (wanted) address.searchParams.set("f", wanted);
  menu.dataset.asked = address.href;
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const html = answer.ok ? await answer.text() : "";
    // what was typed meanwhile has asked anew
    if (menu.dataset.asked !== address.href) return;
    if (answer.ok) found.innerHTML = html;
    else found.textContent = menu.dataset.failed;
  } catch {
    if (menu.dataset.asked === address.href) found.textContent = menu.dataset.failed;
  }
}

for (const menu of document.querySelectorAll("details[data-refs]")) {
  const input = menu.querySelector("input[type=search]");
  let timer;
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    if (!menu.dataset.asked) fill(menu, "");
    input.focus();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => fill(menu, input.value.trim()), PAUSE_MS);
  });
}
