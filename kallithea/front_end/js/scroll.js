// What is wider or higher than the place that it has can be scrolled by the keyboard: it takes part in the order of Tab, unless
// something in it does. Not all browsers see to that themselves.

const AREAS = ".k-prose pre, .k-prose table, .k-nb pre, .k-nb .out, .k-file > .k-body";
const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const hidden = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (hidden && !target.querySelector(STOPS)) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

function watch(element) {
  if (element.matches(AREAS)) sizes.observe(element);
  for (const area of element.querySelectorAll(AREAS)) sizes.observe(area);
}

watch(document.body);

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) if (node instanceof Element) watch(node);
  }
}).observe(document.body, { childList: true, subtree: true });
