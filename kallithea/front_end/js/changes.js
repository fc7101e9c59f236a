// The last change of each entry of a folder, which takes longer to find than the folder: <tbody data-changes="ADDRESS">.
// The answer is a table whose cells take the places of those that are marked, in their order. What is said meanwhile is
// in data-slow and data-failed, and data-again is on the button that asks once more.

const SHOW_MS = 300;
const SLOW_MS = 10000;
// 202 says that another is finding them just now: then they are asked for again, so often.
const MOST_TRIES = 8;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function say(rows, text, retry) {
  const words = rows.closest("section").querySelector("[data-changes-words]");
  words.hidden = !text;
  words.textContent = text;
  if (!retry) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-default btn-xs";
  button.textContent = rows.dataset.again;
  button.addEventListener("click", retry);
  words.append(" ", button);
}

function showPlaces(cells) {
  for (const [number, cell] of cells.entries()) {
    const line = document.createElement("span");
    line.className = number % 2 ? "k-skel" : "k-skel w6";
    cell.replaceChildren(line);
  }
}

async function ask(address, signal) {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(address, { credentials: "same-origin", signal });
    if (answer.status !== 202 || tries === MOST_TRIES) return answer;
    await wait(1000 * Number(answer.headers.get("Retry-After") || 2));
    signal.throwIfAborted();
  }
}

async function fill(rows) {
  const cells = [...rows.querySelectorAll("td[data-change]")];
  const asked = new AbortController();
  const again = () => {
    asked.abort();
    fill(rows);
  };
  say(rows, "");
  const timers = [
    setTimeout(showPlaces, SHOW_MS, cells),
    setTimeout(say, SLOW_MS, rows, rows.dataset.slow, again),
  ];
  try {
    const answer = await ask(rows.dataset.changes, asked.signal);
    const text = await answer.text();
    const table = document.createElement("template");
    if (answer.status === 200) table.innerHTML = text;
    const found = table.content.querySelectorAll("td");
    if (answer.status === 200 && found.length === cells.length) {
      cells.forEach((cell, number) => cell.replaceWith(found[number]));
      say(rows, "");
    } else {
      for (const cell of cells) cell.replaceChildren();
      const plain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
      const words = plain ? text : rows.dataset.failed;
      say(rows, answer.status === 202 ? rows.dataset.slow : words, again);
    }
  } catch (problem) {
    if (asked.signal.aborted) return;
    for (const cell of cells) cell.replaceChildren();
    say(rows, rows.dataset.failed, again);
  } finally {
    timers.forEach(clearTimeout);
  }
}

document.querySelectorAll("[data-changes]").forEach(fill);
