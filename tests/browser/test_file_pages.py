"""Pages of files in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Route

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.vcs.types import Kind
from tests.factories.repositories import RepositoryBuilder
from tests.flows.browser import visiting
from tests.flows.serving import serving
from tests.web.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def site(application: Application) -> Site:
    """A site that visitors may read."""
    site = Site(application)
    site.grant("visitors", Level.READ)
    return site


@pytest.fixture
def builder(site: Site) -> RepositoryBuilder:
    return site.repository("r", Kind.GIT)


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where the site is served by this process."""
    with serving(site) as address:
        yield address


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("page", ["/r/files/tip/src/f.py", "/r/annotate/tip/src/f.py"])
@pytest.mark.parametrize(
    ("author", "subject"),
    [
        (b"Maximiliane Wolfeschlegelsteinhausen-Bergerdorff the Elder of Kilvik <m@x>", b"Short"),
        (b"Ada <a@x>", b"Count the days from the meridian of Greenwich and not from that of Kilvik. " * 4),
        (b"w" * 200 + b" <w@x>", b"w" * 300),
    ],
    ids=["author", "subject", "words"],
)
def test_the_last_change_is_one_line(
    address: str, builder: RepositoryBuilder, author: bytes, subject: bytes, page: str, width: int
) -> None:
    builder.commit({b"src/f.py": b"a = 1\n"}, author=author, message=subject)
    with visiting(address, width=width) as visitor:
        visitor.open(page)
        visitor.page.locator(".k-lastc .k-hash").wait_for()
        boxes = [part.bounding_box() for part in visitor.page.locator(".k-lastc > :visible").all()]
        for box in boxes:
            assert box is not None
            assert box["height"] <= 24
            assert box["width"] > 12
            assert box["x"] + box["width"] <= width
        assert visitor.sideways() <= 0


@pytest.mark.parametrize("page", ["files", "annotate"])
def test_the_address_of_a_line_that_is_not_on_the_page_leads_to_it(
    address: str, builder: RepositoryBuilder, page: str
) -> None:
    builder.commit({b"f.txt": b"".join(b"line %d\n" % number for number in range(1, 30_001))})
    with visiting(address) as visitor:
        visitor.open(f"/r/{page}/tip/f.txt#L29000")
        assert "Line 29000 Not on this page. Show" in visitor.page.locator("[data-linebar]").inner_text()
        visitor.page.get_by_role("link", name="Show", exact=True).click()
        row = visitor.page.locator("#L29000")
        row.wait_for()
        assert row.inner_text().endswith("line 29000")
        assert row.bounding_box()["y"] < 900  # type: ignore[index]
        assert "sel" in (row.get_attribute("class") or "")
        assert visitor.page.locator("[data-absent]").is_hidden()
        visitor.open(f"/r/{page}/tip/f.txt#L5")
        assert visitor.page.locator("[data-absent]").is_hidden()
        assert visitor.complaints == []


def test_the_bar_of_an_annotation_has_two_rows_of_buttons_at_most(address: str, builder: RepositoryBuilder) -> None:
    builder.commit({b"f.py": b"a = 1\n", b".git-blame-ignore-revs": b"1" * 40 + b"\n"})
    with visiting(address, width=360) as visitor:
        visitor.open("/r/annotate/tip/f.py")
        buttons = visitor.page.locator(".k-filebar .btn:visible").all()
        boxes = [box for box in (button.bounding_box() for button in buttons) if box]
        assert 0 < len({round(box["y"]) for box in boxes}) <= 2
        visitor.page.get_by_text("Options").click()
        visitor.page.get_by_role("link", name="Skip whitespace changes").click()
        visitor.page.wait_for_url("**whitespace=all**")
        assert visitor.page.locator(".k-filebar summary").inner_text().split() == ["Options", "1"]
        assert visitor.complaints == []


def test_last_changes_that_take_long_are_asked_for_so_often_and_then_by_hand(
    address: str, builder: RepositoryBuilder
) -> None:
    builder.commit({b"f.py": b"a = 1\n"}, message=b"First")
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 8:
            route.continue_()
        else:
            route.fulfill(status=202, headers={"Retry-After": "0"}, content_type="text/plain", body="Right now.")

    with visiting(address) as visitor:
        visitor.page.route("**/files-changes/**", answer)
        visitor.open("/r/files/tip")
        words = visitor.page.locator("[data-changes-words]")
        words.get_by_text("The last changes take long to find.").wait_for()
        visitor.page.evaluate("new Promise((done) => setTimeout(done, 500))")
        assert len(asked) == 8
        assert visitor.page.locator("td[data-change] .k-skel").count() == 0
        words.get_by_role("button", name="Try again").click()
        visitor.page.locator("tbody").get_by_text("First").wait_for()
        assert words.is_hidden()
        assert visitor.complaints == []


@pytest.mark.parametrize("busy", [3, 100])
def test_a_part_that_is_being_found_is_asked_for_again_so_often(
    address: str, builder: RepositoryBuilder, busy: int
) -> None:
    builder.commit({b"src/f.py": b"a = 1\n"}, message=b"First")
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > busy:
            route.continue_()
        else:
            route.fulfill(status=202, headers={"Retry-After": "0"})

    with visiting(address) as visitor:
        visitor.page.route("**/files-changes/**", answer)
        visitor.open("/r/files/tip/src/f.py")
        if busy == 3:
            visitor.page.locator(".k-lastc").get_by_text("First").wait_for()
        else:
            while len(asked) < 8:
                visitor.page.evaluate("new Promise((done) => setTimeout(done, 20))")
            visitor.page.evaluate("new Promise((done) => setTimeout(done, 500))")
        assert len(asked) == (4 if busy == 3 else 8)
        assert visitor.complaints == []
