// The switches for day and night, the diff's colours and the shortcuts: <input type="radio" data-set="theme|palette|shortcuts">.
// The choice is kept in a cookie, so that the server can render it and no page flashes in the wrong colours.

const ATTRIBUTES = { theme: "data-bs-theme", palette: "data-diff-palette", shortcuts: "data-shortcuts" };
const YEAR = 31536000;
const root = document.documentElement;

function readChoice(name) {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`kallithea-${name}=`));
  return found?.split("=")[1];
}

function keepChoice(name, value) {
  document.cookie = `kallithea-${name}=${value}; path=${root.dataset.path ?? "/"}; max-age=${YEAR}; samesite=lax`;
}

for (const input of document.querySelectorAll("input[data-set]")) {
  const name = input.dataset.set;
  const chosen = readChoice(name) ?? root.getAttribute(ATTRIBUTES[name]);
  if (input.value === chosen) {
    input.checked = true;
    root.setAttribute(ATTRIBUTES[name], chosen);
  }
  input.addEventListener("change", () => {
    root.setAttribute(ATTRIBUTES[name], input.value);
    keepChoice(name, input.value);
  });
}
