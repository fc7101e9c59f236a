// Names of accounts and user groups that hold what is typed: <input list="ID" data-names="ADDRESS">. The answer are
// the choices of the list.

const PAUSE_MS = 150;

async function offer(input) {
  const address = new URL(input.dataset.names, location.href);
  address.searchParams.set("q", input.value.trim());
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    const html = answer.ok ? await answer.text() : "";
    // what was typed meanwhile asks anew
    if (answer.ok && address.searchParams.get("q") === input.value.trim()) input.list.innerHTML = html;
  } catch {
    // a whole name can be typed without the list
  }
}

for (const input of document.querySelectorAll("input[data-names]")) {
  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => offer(input), PAUSE_MS);
  });
}
