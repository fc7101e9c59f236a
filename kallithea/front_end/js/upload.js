// A form with files that is refused keeps them: the page that answers takes the place of this one, and its field gets the
// files. What is in data-files-lost, the request to choose them again, is not true then.

function take(form) {
  let sending = false;
  let plain = false;
  addEventListener("pageshow", () => {
    sending = false;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
  form.addEventListener("submit", async (event) => {
    if (plain) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
      if (answer.redirected) location.assign(answer.url);
      else show(form, await answer.text());
    } catch {
      // the browser shows what is wrong with the way to the site
      plain = true;
      form.requestSubmit(button);
    }
  });
}

function show(form, text) {
  const files = form.querySelector("[type=file]").files;
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("main");
  if (!main) throw new TypeError("not a page of this site");
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  const field = main.querySelector("[type=file]");
  if (field) {
    field.files = files;
    main.querySelectorAll("[data-files-lost]").forEach((words) => words.remove());
    take(field.form);
  }
  main.focus();
  scrollTo(0, 0);
}

document.querySelectorAll("form:has([type=file])").forEach(take);
