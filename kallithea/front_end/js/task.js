// The page of a task that is not over: its part of the page is asked for again until it is, then the result is shown.

const REFRESH_MS = 1500;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function follow(task) {
  while (task && "refreshed" in task.dataset) {
    await wait(REFRESH_MS);
    let answer;
    try {
      answer = await fetch(location.href, { credentials: "same-origin" });
    } catch {
      continue;
    }
    if (answer.redirected || !answer.ok) {
      location.replace(answer.ok ? answer.url : location.href);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("task");
    // the button keeps the focus as long as it is there
    const held = task.contains(document.activeElement) && found?.querySelector("button");
    const log = keepLog(task);
    task.replaceWith(found);
    log(found);
    if (held) held.focus();
    task = found;
  }
}

// What is read of the log stays where it is, unless its end is to be followed. Returned is what does that to a new page.
function keepLog(task) {
  const log = task?.querySelector("#log");
  const follows = task?.querySelector("#follow")?.checked ?? true;
  const place = log?.scrollTop ?? 0;
  return (page) => {
    const found = page?.querySelector("#log");
    const box = page?.querySelector("#follow");
    if (!found || !box) return;
    box.checked = follows;
    box.closest("label").hidden = false;
    found.scrollTop = follows ? found.scrollHeight : place;
  };
}

keepLog(null)(document.getElementById("task"));
follow(document.getElementById("task"));
