"""Every page with real content, as people look at it: by day and by night, on a telephone, and without scripts."""

import importlib.resources
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Request
from webtest import TestResponse as Answer

from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from kallithea.web.context import GroupContext, RepositoryContext, SiteContext
from tests.browser.harbour_site import VISITOR, further_addresses, refused_addresses
from tests.browser.visits import Place, visits
from tests.flows.browser import Theme, Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site, get

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Harbour = tuple[Site, Place]

_AXE = importlib.resources.files(axe_playwright_python).joinpath("axe.min.js").read_text(encoding="utf-8")
_WORST = frozenset({"serious", "critical"})

# What a page does that nobody sees at once.
_WATCH = """
  window.reports = [];
  window.shift = 0;
  document.addEventListener("securitypolicyviolation", (event) =>
    window.reports.push(`${event.violatedDirective} ${event.blockedURI}`));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
_PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_MOST_SHIFT = 0.05
_HEIGHT = 900


@dataclass(frozen=True)
class View:
    """How somebody looks at a page: in which light, in a window so wide.

    Pages are fetched anew where they are ``fetched``, else the one that is there is shown so. ``rules`` are those of
    axe that may differ for that; none are all of them.
    """

    theme: Theme
    width: int
    fetched: bool
    rules: tuple[str, ...] = ()


#: Each light and each width is once that in which a page is fetched.
VIEWS = (
    View("dark", 1440, True, ("color-contrast", "link-in-text-block")),
    View("light", 1440, False),
    View("light", 360, True, ("color-contrast", "scrollable-region-focusable", "target-size", "aria-hidden-focus")),
)


def whole_pages(harbour: Harbour) -> list[str]:
    """Addresses of pages that are not parts of others: two of each kind, every form of file, and rare states.

    Those of the site, which are alike whatever kind of repository it has, are looked at beside Git alone.
    """
    site, place = harbour
    pages = visits(place)
    if _kind_of(site, place) is not Kind.GIT:
        pages = {page: addresses for page, addresses in pages.items() if page[0] is RepositoryContext}
    found = [address for some in pages.values() for address in some[:2]]
    found += [address for address in pages[RepositoryContext, "files"] if "?" not in address]
    return _only_whole(site, found + further_addresses(place))


def _only_whole(site: Site, addresses: list[str]) -> list[str]:
    browser = site.browser(VISITOR)
    return [address for address in dict.fromkeys(addresses) if _is_whole(get(browser, address))]


def _kind_of(site: Site, place: Place) -> Kind:
    with reading(site.application) as services:
        return Kind(services.repositories.get(place.repository).kind)


def _is_whole(answer: Answer) -> bool:
    text: str = answer.text if (answer.status_int, answer.content_type) == (200, "text/html") else ""
    return text.startswith("<!doctype")


class Walk:
    """A browser on a site that waits until a page has fetched everything."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        self._running = set[Request]()
        self.page.add_init_script(_WATCH)
        self.page.on("request", self._note_start)
        self.page.on("requestfinished", self._note_end)
        self.page.on("requestfailed", self._note_end)

    def open(self, address: str, status: int = 200) -> None:
        """Go to a page, and wait for its parts."""
        self._running.clear()
        self.visitor.open(address, status)
        self.page.evaluate(_PAINTED)
        while self._running:
            self.page.evaluate(_PAINTED)

    def look(self, address: str, status: int, view: View) -> Iterator[str]:
        """What is wrong with a page that is seen in this way."""
        # colours change at once
        self.page.emulate_media(color_scheme=view.theme, reduced_motion="reduce")
        self.widen(view.width)
        if view.fetched:
            self.open(address, status)
        else:
            self.page.evaluate(_PAINTED)
        yield from (f"{view.theme}, {view.width}: {problem}" for problem in self._problems(view.rules))

    def widen(self, width: int) -> None:
        """Let the window be so wide."""
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})

    def _note_start(self, request: Request) -> None:
        self._running.add(request)

    def _note_end(self, request: Request) -> None:
        self._running.discard(request)

    def _problems(self, rules: tuple[str, ...]) -> Iterator[str]:
        """What is wrong with the page that is shown."""
        shift, reports = self.page.evaluate("[window.shift, window.reports]")
        if shift > _MOST_SHIFT:
            yield f"layout shift of {shift:.3f}"
        if self.visitor.sideways() > 0:
            yield f"{self.visitor.sideways()} pixels wider than the window"
        yield from (*reports, *self.visitor.complaints)
        self.visitor.complaints.clear()
        yield from _violations(self.page, rules)
        self.visitor.complaints.clear()


def _violations(page: Page, rules: tuple[str, ...]) -> Iterator[str]:
    """What axe finds that keeps people from using the page."""
    only = {"runOnly": list(rules)} if rules else {}
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(
        "(options) => axe.run(document, options)", {"resultTypes": ["violations"], "preload": False, **only}
    )
    for violation in found["violations"]:
        if violation["impact"] in _WORST:
            yield from (f"{violation['id']}: {node['html'][:200]}" for node in violation["nodes"])


@contextmanager
def walking(harbour: Harbour) -> Iterator[Walk]:
    """Somebody who has signed in."""
    with serving(harbour[0]) as address, visiting(address) as visitor:
        visitor.sign_in(VISITOR, PASSWORD)
        yield Walk(visitor)


def test_every_page_is_sound(harbour: Harbour) -> None:
    problems = dict[str, list[str]]()
    with walking(harbour) as walk:
        for address, status in (dict.fromkeys(whole_pages(harbour), 200) | refused_addresses(harbour[1])).items():
            found = [problem for view in VIEWS for problem in walk.look(address, status, view)]
            if found:
                problems[address] = found
    assert problems == {}


def test_no_word_is_too_long_for_a_page(wordy: Harbour) -> None:
    site, place = wordy
    found = [address for some in visits(place).values() for address in some]
    sideways = dict[tuple[str, int], int]()
    with walking(wordy) as walk:
        for address in _only_whole(site, found):
            walk.open(address)
            for width in (1440, 360):
                walk.widen(width)
                sideways[address, width] = walk.visitor.sideways()
    assert {seen: wider for seen, wider in sideways.items() if wider > 0} == {}


def readings(place: Place) -> dict[str, tuple[str, ...]]:
    """Pages that are for reading, and words of what one reads there."""
    pages = visits(place)

    def of(name: str, number: int = 0) -> str:
        return pages[RepositoryContext, name][number]

    files = {address.rpartition("/")[2]: address for address in pages[RepositoryContext, "files"] if "?" not in address}
    return {
        pages[SiteContext, ""][0]: ("tidewatch", "Tells when the water is high"),
        pages[SiteContext, "about"][0]: ("Kallithea",),
        pages[GroupContext, ""][0]: ("Everything about tides", "tidewatch"),
        of(""): ("Tells when the water is high", "harbours", "build passing", "v1.0", "def height(hours)"),
        of("files"): ("harbours", "tidewatch", "README.md"),
        of("files-with-changes"): ("Describe the format of harbours", "A file of every form"),
        files["tides.py"]: ("Height of the tide as a sum of cosines", "math.sin"),
        files["heights.ipynb"]: ("Heights", "high water"),
        files["kilvik.csv"]: ("constituent", "0.912"),
        files["README.rst"]: ("Do not navigate by them",),
        of("annotate"): ("math.sin", "Find the moments when the water turns"),
        of("changelog"): ("A file of every form", "Marla Ostrow", "v1.0"),
        next(address for address in pages[RepositoryContext, "changelog"] if "?text=" in address): (
            "Add the height of the tide",
        ),
        of("changeset"): ("Count from", "math.sin(math.radians(angle))", "math.cos(math.radians(angle))"),
        of("changeset", 1): ("the end of both", "Merge feet"),
        of("changeset", 2): ("math.sin(math.radians(angle))", "math.cos(math.radians(angle))"),
        of("changeset-children"): ("Count from", "Back to the"),
        of("changeset-children", 1): ("No child", "Back to the"),
        of("compare"): ("Count from", "math.sin(math.radians(angle))"),
        of("branches"): ("finer-steps", "v0.1", "tables"),
        of("files-find", 1): ("tidewatch/tides.py",),
        of("forks"): (place.other,),
    }


def test_what_is_for_reading_needs_no_scripts(harbour: Harbour) -> None:
    with serving(harbour[0]) as address, visiting(address, script=False) as visitor:
        missing = dict[str, list[str]]()
        for path, words in readings(harbour[1]).items():
            visitor.open(path)
            text = visitor.text()
            missing[path] = [word for word in words if word not in text]
        assert {path: words for path, words in missing.items() if words} == {}
        assert visitor.complaints == []


@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no scripts"])
def test_what_only_scripts_move_is_shown_where_they_run(harbour: Harbour, script: bool) -> None:
    pages = visits(harbour[1])
    changeset, file = (pages[RepositoryContext, name][0] for name in ("changeset", "annotate"))
    with serving(harbour[0]) as address, visiting(address, script=script) as visitor:
        page = visitor.page
        visitor.open(changeset)
        shown = [
            page.get_by_role("button", name="Words").is_visible(),
            page.get_by_label("Viewed").first.is_visible(),
            page.get_by_text("viewed", exact=False).first.is_visible(),
            page.get_by_label("Filter changed files").is_visible(),
            page.get_by_role("note", name="Keyboard hints").is_visible(),
            page.get_by_role("button", name="Copy path").first.is_visible(),
            page.locator(".k-find kbd").is_visible(),
        ]
        visitor.open(file.replace("/annotate/", "/files/"))
        shown += [page.get_by_label("Filter these files").is_visible()]
        assert shown == [script] * len(shown)
