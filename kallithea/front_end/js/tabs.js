// On narrow screens tabs are a strip that scrolls: bring the current one into sight.

const MARGIN_PX = 24;

for (const tab of document.querySelectorAll(".k-tabs [aria-current], .k-side.flow [aria-current]")) {
  const strip = tab.closest("ul, .k-tabs");
  if (strip && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - MARGIN_PX;
}
