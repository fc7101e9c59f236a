"""Somebody who has no mouse: they press keys, and always see where they are."""

from playwright.sync_api import Locator, Page

# So many presses of Tab lead through the longest page of a test.
_MOST_STOPS = 150

# The HTML of what has the focus, empty if that is nothing, and whether it shows. A field may be marked by its label or
# by the frame around it, and what lives in a shadow root by what lies there around it.
_FOCUS = """async () => {
  const marked = (one) => {
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth);
    return outlined || style.boxShadow !== "none" || style.maskImage.includes("chevron-f");
  };
  const look = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (!element || element === document.body) return ["", false];
    const frames = [element, ...(element.labels ?? []), element.closest(".cm-editor, .k-find")].filter(Boolean);
    const { bottom, top } = element.getBoundingClientRect();
    return [element.outerHTML, bottom > 0 && top < innerHeight && frames.some(marked)];
  };
  // the editor of files marks itself a moment later
  for (let frame = 0; frame < 30 && look()[0] && !look()[1]; frame++) await new Promise(requestAnimationFrame);
  return look();
}"""


class Keyboard:
    """Keys for a page. After each it is asserted that the focus is somewhere, and seen, unless another page comes."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        """Keys that stay on the page."""
        for key in keys:
            self._page.keyboard.press(key)
            self.require_focus(key)

    def type(self, text: str) -> None:
        """Write where the focus is, in place of what is there."""
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)
        self.require_focus(text)

    def leave(self, key: str = "Enter") -> None:
        """A key that leads to another page."""
        with self._page.expect_navigation():
            self._page.keyboard.press(key)

    def go_to(self, place: Locator) -> None:
        """Press Tab until the focus is there; behind the last stop is the window of the browser, then the first."""
        place.wait_for()
        for _stop in range(_MOST_STOPS):
            if place.evaluate("place => place.matches(':focus')"):
                return
            self._page.keyboard.press("Tab")
            html, shown = self._page.evaluate(_FOCUS)
            assert shown or not html, html
        raise AssertionError(f"Tab does not come to {place}")

    def follow(self, place: Locator) -> None:
        """Go to a link or a button, which leads to another page."""
        self.go_to(place)
        self.leave()

    def require_focus(self, after: str) -> str:
        """The HTML of what has the focus, which shows that."""
        html, shown = self._page.evaluate(_FOCUS)
        assert shown, f"the focus is not seen after {after}: {html or 'nothing has it'}"
        return str(html)
