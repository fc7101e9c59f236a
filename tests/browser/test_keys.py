"""Keys, pressed as a visitor does on pages with real content."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from kallithea.web.context import RepositoryContext, SiteContext
from tests.browser.harbour_site import VISITOR
from tests.browser.visits import Place, visits
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Harbour = tuple[Site, Place]

_SEEN_ROW = """() => {
  const at = document.activeElement.closest(".k-file");
  const row = document.activeElement.closest("tr.hunk");
  return [at?.id, row ? [...at.querySelectorAll("tr.hunk")].indexOf(row) : -1];
}"""


@pytest.fixture(scope="module")
def visitor(harbour: Harbour) -> Iterator[Visitor]:
    with serving(harbour[0]) as address, visiting(address) as visitor:
        visitor.sign_in(VISITOR, PASSWORD)
        yield visitor


def _keys_listed(page: Page) -> set[str]:
    page.keyboard.press("?")
    page.locator("#keys").wait_for()
    listed = {row.locator("kbd").first.inner_text() for row in page.locator("#keys .bd > div:visible").all()}
    page.keyboard.press("Escape")
    page.locator("#keys").wait_for(state="hidden")
    return listed


def _open_added(visitor: Visitor, harbour: Harbour) -> Page:
    """This commit adds files: each has one change, which begins with its first line."""
    visitor.open(visits(harbour[1])[RepositoryContext, "changelog"][0])
    visitor.follow("A file of every form")
    return visitor.page


def test_each_j_goes_one_change_further(harbour: Harbour, visitor: Visitor) -> None:
    page = _open_added(visitor, harbour)
    places = []
    for _press in range(4):
        page.keyboard.press("j")
        places.append(page.evaluate(_SEEN_ROW))
    assert len(set(map(str, places))) == 4
    page.keyboard.press("k")
    assert page.evaluate(_SEEN_ROW) == places[2]


def test_v_marks_the_file_that_one_reads(harbour: Harbour, visitor: Visitor) -> None:
    page = _open_added(visitor, harbour)
    page.keyboard.press("v")
    assert page.locator(".k-seen input").first.is_checked()
    page.keyboard.press("n")
    page.keyboard.press("j")
    page.keyboard.press("v")
    assert [box.is_checked() for box in page.locator(".k-seen input").all()[:3]] == [True, True, False]
    page.keyboard.press("v")
    assert not page.locator(".k-seen input").nth(1).is_checked()


@pytest.mark.parametrize("name", ["", "files", "annotate", "changelog", "changeset", "branches", "compare"])
def test_t_finds_a_file_from_every_page(harbour: Harbour, visitor: Visitor, name: str) -> None:
    visitor.open(visits(harbour[1])[RepositoryContext, name][0])
    visitor.page.keyboard.press("t")
    visitor.page.locator("input[data-find]").wait_for()
    visitor.page.wait_for_url("**/files-find**")


def test_only_keys_that_do_something_are_listed(harbour: Harbour, visitor: Visitor) -> None:
    pages = visits(harbour[1])
    visitor.open(pages[SiteContext, ""][0])
    assert _keys_listed(visitor.page) == {"?", "/", "Esc"}
    visitor.open(pages[RepositoryContext, "changeset"][0])
    assert {"j", "n", "t", "v", "s", "w"} <= _keys_listed(visitor.page)
