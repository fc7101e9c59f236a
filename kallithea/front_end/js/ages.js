// Pages that a browser has kept say how long ago things were when they were made: <time datetime="...">3 d</time>.
// Short ages are said as the page's data-ages does, which lists what kallithea/web/reader.py says; longer ones, such as
// "3 days ago", by the browser itself. The browser's time zone is told to the server, for pages to come.

const UNITS = [
  [31557600, "year"],
  [2629800, "month"],
  [604800, "week"],
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
];
const YEAR = 31536000;
const root = document.documentElement;
const words = (root.dataset.ages ?? "").split("|");
const long = new Intl.RelativeTimeFormat(root.lang, { numeric: "always" });

function say(seconds, short) {
  const unit = UNITS.findIndex(([length]) => seconds >= length);
  if (unit < 0) return short ? words.at(-2) : words.at(-1);
  const count = Math.floor(seconds / UNITS[unit][0]);
  return short ? words[unit].replace("#", count) : long.format(-count, UNITS[unit][1]);
}

for (const element of document.querySelectorAll("time[datetime]")) {
  const now = say((Date.now() - Date.parse(element.dateTime)) / 1000, !("long" in element.dataset));
  if (element.textContent !== now) element.textContent = now;
}

const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
if (zone && !document.cookie.split("; ").includes(`kallithea-zone=${zone}`)) {
  document.cookie = `kallithea-zone=${zone}; path=${root.dataset.path ?? "/"}; max-age=${YEAR}; samesite=lax`;
}
