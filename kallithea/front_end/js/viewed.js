// Which files of a commit somebody has viewed is remembered: <form data-viewed> has the address that gives the codes of these
// files and takes marks; each <section class="k-file" data-code> is one file. The boxes themselves are diff.js's matter.

const form = document.querySelector("form[data-viewed]");
let restoring = false;

function setBox(box, checked) {
  restoring = true;
  box.checked = checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  restoring = false;
}

async function showMarks() {
  const answer = await fetch(form.action, { credentials: "same-origin" });
  if (!answer.ok) return;
  const codes = new Set(await answer.json());
  for (const file of document.querySelectorAll(".k-file[data-code]")) {
    const box = file.querySelector(".k-seen input");
    if (box && codes.has(file.dataset.code)) setBox(box, true);
  }
}

async function keepMark(box, code) {
  const body = new URLSearchParams(new FormData(form));
  body.set("file", code);
  body.set("viewed", box.checked ? "1" : "0");
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
}

if (form) {
  document.addEventListener("change", (event) => {
    const code = event.target.closest?.(".k-file")?.dataset.code;
    if (restoring || !code || !event.target.matches(".k-seen input")) return;
    const box = event.target;
    // what is not remembered does not look as if it were
    keepMark(box, code).catch(() => setBox(box, !box.checked));
  });
  showMarks().catch(() => {});
}
