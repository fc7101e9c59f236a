// Filter a list in place: <input data-filter="ID"> shows the rows of the element ID that contain what is typed.
// Rows are marked data-row; in a list of links without such marks, the links are the rows.

for (const input of document.querySelectorAll("input[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  if (!list) continue;
  input.addEventListener("input", () => {
    // looked up each time: a list may come after the page
    const marked = list.querySelectorAll("[data-row]");
    const rows = marked.length ? marked : list.querySelectorAll("a");
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
