// A diff's tools: "viewed" folds a file and moves the progress bar; the switch for changed words.

const progress = document.querySelector("progress[data-seen]");

function countViewed() {
  if (!progress) return;
  progress.value = document.querySelectorAll(".k-seen input:checked").length;
  const label = document.querySelector("[data-seen-n]");
  if (label) label.textContent = progress.value;
}

for (const box of document.querySelectorAll(".k-seen input")) {
  box.addEventListener("change", () => {
    const fold = box.closest(".k-file")?.querySelector(".fold");
    if (fold) fold.checked = box.checked;
    countViewed();
  });
}

document.querySelector("[data-word]")?.addEventListener("click", (event) => {
  const button = event.currentTarget;
  const shown = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", String(!shown));
  document.body.classList.toggle("k-word-off", shown);
});
