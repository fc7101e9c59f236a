// Find a file while one types: <input data-find="ADDRESS OF ALL NAMES" data-before data-after>, whose form does the same
// on the server. services/file_names.py says what the names look like and which are better. The words for what was found
// are in data-counted, with {found} and {all} for the numbers, data-best where more were found than are shown, data-none
// and data-failed.

// So many names are looked at before the browser may do something else.
const SLICE = 4000;
const SHOWN = 50;
const KEPT = 2000;

const pause = () => new Promise((done) => setTimeout(done));

// Whether the letters stand in a text in this order, from a place on.
function inOrder(text, letters, from) {
  let place = from;
  for (const letter of letters) {
    place = text.indexOf(letter, place) + 1;
    if (!place) return false;
  }
  return true;
}

function rank(text, letters) {
  const name = text.lastIndexOf("/") + 1;
  if (text.includes(letters)) return text.startsWith(letters, name) ? 0 : text.includes(letters, name) ? 1 : 2;
  return inOrder(text, letters, name) ? 3 : inOrder(text, letters, 0) ? 4 : null;
}

const better = (one, other) =>
  one.rank - other.rank || one.text.length - other.text.length || (one.text < other.text ? -1 : 1);

class Finder {
  constructor(names) {
    this.names = names.map((line) => {
      const [text, address] = line.split("\0");
      return { text, lower: text.toLowerCase(), address };
    });
    this.last = { letters: "", names: this.names };
  }

  // The best names, or null where another search has begun meanwhile.
  async find(letters) {
    this.running = letters;
    // what has more letters is among what had fewer
    const among = letters.startsWith(this.last.letters) ? this.last.names : this.names;
    const all = [];
    let best = [];
    for (let start = 0; start < among.length; start += SLICE) {
      for (const name of among.slice(start, start + SLICE)) {
        const found = rank(name.lower, letters);
        if (found === null) continue;
        all.push(name);
        best.push({ rank: found, text: name.lower, name });
      }
      if (best.length > KEPT) best = best.sort(better).slice(0, SHOWN);
      await pause();
      if (this.running !== letters) return null;
    }
    this.last = { letters, names: all };
    return { count: all.length, names: best.sort(better).slice(0, SHOWN).map((one) => one.name) };
  }
}

async function load(input) {
  const answer = await fetch(input.dataset.find, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  return new Finder(text ? text.split("\n") : []);
}

function line(input, name) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "any";
  const path = name.address ?? name.text.split("/").map(encodeURIComponent).join("/");
  link.href = input.dataset.before + path + input.dataset.after;
  link.textContent = name.text;
  item.append(link);
  return item;
}

function start(input) {
  const list = document.querySelector("[data-found]");
  const words = document.querySelector("[data-found-words]");
  const hint = words.innerHTML;
  let finder;

  // Who has gone on to one of them already stays there while it is among them.
  function draw(names) {
    const at = list.contains(document.activeElement) ? document.activeElement.textContent : null;
    list.replaceChildren(...names.map((name) => line(input, name)));
    if (at !== null) ([...list.querySelectorAll("a")].find((link) => link.textContent === at) ?? input).focus();
  }

  async function show() {
    const letters = input.value.toLowerCase().replace(/\s+/g, "");
    if (!letters) {
      if (finder) (await finder).running = "";
      list.replaceChildren();
      words.innerHTML = hint;
      return;
    }
    try {
      finder ??= load(input);
      const found = await (await finder).find(letters);
      if (!found) return;
      draw(found.names);
      const all = (await finder).names.length;
      const counted = input.dataset.counted.replace("{found}", found.count).replace("{all}", all);
      const best = found.count > SHOWN ? `. ${input.dataset.best}` : "";
      words.textContent = found.count ? counted + best : input.dataset.none;
    } catch {
      finder = undefined;
      words.textContent = input.dataset.failed;
    }
  }

  // Down and up go through the list, Enter takes the first.
  function move(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...list.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  input.addEventListener("input", show);
  input.form.addEventListener("keydown", move);
  list.addEventListener("keydown", move);
  input.form.addEventListener("submit", (event) => {
    const first = list.querySelector("a");
    if (!finder || !first) return;
    event.preventDefault();
    first.click();
  });
}

const input = document.querySelector("input[data-find]");
if (input) start(input);
