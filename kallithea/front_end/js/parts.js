// Parts of a page that come after it: <ul data-part="ADDRESS"> gets what the address answers, if it is shown at all.

for (const element of document.querySelectorAll("[data-part]")) {
  if (!element.checkVisibility()) continue;
  fetch(element.dataset.part, { credentials: "same-origin" })
    // 202 says that there is nothing yet
    .then((answer) => (answer.status === 200 ? answer.text() : Promise.reject(answer.status)))
    .then((html) => {
      element.innerHTML = html;
      const current = element.querySelector("[aria-current]");
      // within its own box: the page itself must not move
      if (current) element.parentElement.scrollTop = current.offsetTop - element.parentElement.clientHeight / 2;
    })
    // what was there before leads on as well
    .catch(() => {});
}
