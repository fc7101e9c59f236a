// Parts of a page that come after it: <ul data-part="ADDRESS"> gets what the address answers, if it is shown at all.

// 202 says that another is finding it just now: then it is asked for again, so often and, unless told otherwise, so soon.
const MOST_TRIES = 8;
const SOON_SECONDS = 2;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function read(address) {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.status === 200) return answer.text();
    if (answer.status !== 202 || tries === MOST_TRIES) throw new Error(String(answer.status));
    await wait(1000 * Number(answer.headers.get("Retry-After") || SOON_SECONDS));
  }
}

async function fill(element) {
  element.innerHTML = await read(element.dataset.part);
  const current = element.querySelector("[aria-current]");
  // within its own box: the page itself must not move
  if (current) element.parentElement.scrollTop = current.offsetTop - element.parentElement.clientHeight / 2;
}

for (const element of document.querySelectorAll("[data-part]")) {
  // what was there before leads on as well
  if (element.checkVisibility()) fill(element).catch(() => {});
}
