// The outline beside a file, <nav class="k-outline"> with links to first lines and data-last, and <div data-scope> above the lines:
// both say in what the first visible line lies. The last <span> in there holds the names, the file's where there are no others.

const scope = document.querySelector("[data-scope]");
const links = [...document.querySelectorAll(".k-outline a[data-last]")];
const entries = links.map((link) => ({ link, first: Number(link.hash.slice(2)), last: Number(link.dataset.last) }));
const names = scope?.lastElementChild;
const file = names?.textContent;
let shown = "";
let waiting = false;

function findFirstLine() {
  const code = document.querySelector("table.k-code");
  const top = Math.max(scope.getBoundingClientRect().bottom, code.getBoundingClientRect().top);
  const row = document.elementFromPoint(code.getBoundingClientRect().left + 2, top + 2)?.closest("tr[id]");
  return row ? Number(row.id.slice(1)) : 0;
}

function nameScope(around) {
  const parts = around.flatMap(({ link }) => {
    const part = document.createElement("a");
    Object.assign(part, { href: link.hash, textContent: link.textContent });
    return [" › ", part];
  });
  names.replaceChildren(...(parts.length ? parts.slice(1) : [file]));
}

function update() {
  waiting = false;
  const line = findFirstLine();
  const around = entries.filter(({ first, last }) => first <= line && line <= last);
  const found = around.map(({ first }) => first).join(" ");
  if (!line || found === shown) return;
  shown = found;
  for (const link of links) link.removeAttribute("aria-current");
  around.at(-1)?.link.setAttribute("aria-current", "true");
  nameScope(around);
}

function wait() {
  if (!waiting) requestAnimationFrame(update);
  waiting = true;
}

if (scope && links.length) {
  addEventListener("scroll", wait, { passive: true });
  addEventListener("resize", wait, { passive: true });
  wait();
}
