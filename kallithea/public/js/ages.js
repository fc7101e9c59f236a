// Pages that a browser has kept say how long ago things were when they were made: <time datetime="...">3 d</time>.
// The words are those of kallithea/web/ui/filters.py.

const UNITS = [
  [31557600, "year", "y"],
  [2629800, "month", "mo"],
  [604800, "week", "wk"],
  [86400, "day", "d"],
  [3600, "hour", "h"],
  [60, "minute", "min"],
];

function words(seconds, long) {
  for (const [length, word, unit] of UNITS) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return long ? `${count} ${word}${count === 1 ? "" : "s"} ago` : `${count} ${unit}`;
  }
  return long ? "just now" : "now";
}

for (const element of document.querySelectorAll("time[datetime]")) {
  const shown = element.textContent;
  const long = shown.endsWith("ago") || shown === "just now";
  const now = words((Date.now() - Date.parse(element.dateTime)) / 1000, long);
  if (shown !== now) element.textContent = now;
}
