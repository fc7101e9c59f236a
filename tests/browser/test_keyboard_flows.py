"""Whole flows by keys alone: Tab, Enter, Space, arrows, letters, and the keys that the site itself has."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from tests.browser.keyboard import Keyboard
from tests.factories.writing import BRANCH
from tests.flows.browser import visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_LINES = b"".join(b"line %d\n" % number for number in range(1, 61))


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture
def site(application: Application, kind: Kind) -> Site:
    """A repository that ada administers: two commits of a long file, and another branch."""
    site = Site(application)
    site.user("ada", administrator=True)
    builder = site.repository("tides", kind)
    first = builder.commit({b"src/water.txt": _LINES, b"README.md": b"# Tides\n"})
    changed = _LINES.replace(b"line 30\n", b"line thirty\n")
    builder.commit(
        {b"src/water.txt": changed, b"README.md": b"# Tides of Kilvik\n"}, parents=(first,), message=b"Thirty"
    )
    builder.commit({b"src/feet.txt": b"feet\n"}, parents=(first,), branch=b"feet")
    site.grant("signed-in", Level.READ)
    return site


@pytest.fixture
def page(site: Site) -> Iterator[Page]:
    """The page of the repository, to which somebody came who has signed in by keys."""
    with serving(site) as address, visiting(address) as visitor:
        page, keyboard = visitor.page, Keyboard(visitor.page)
        visitor.open("/")
        keyboard.follow(page.get_by_role("banner").get_by_role("link", name="Sign in"))
        keyboard.go_to(page.get_by_label("Login"))
        keyboard.type("ada")
        keyboard.press("Tab")
        keyboard.type(PASSWORD)
        keyboard.leave()
        keyboard.follow(page.locator("main").get_by_role("link", name="tides", exact=True))
        yield page
        # a form that is refused is said to be that on the page
        assert [one for one in visitor.complaints if "status of 422" not in one] == []


def _stored(site: Site, kind: Kind, folder: bytes) -> list[bytes]:
    path = site.application.settings.repository_folder / "tides"
    with open_repository(kind, path, VcsOptions()) as repository:
        return [entry.name for entry in repository.folder(repository.resolve(BRANCH[kind]), folder)]


def test_a_file_is_found_edited_added_and_deleted(site: Site, kind: Kind, page: Page) -> None:
    keyboard = Keyboard(page)
    keyboard.leave("t")
    keyboard.type("wat")
    page.locator("[data-found] a").wait_for()
    keyboard.press("ArrowDown")
    keyboard.leave()

    keyboard.follow(page.get_by_role("link", name="Edit"))
    keyboard.go_to(page.locator(".k-editor .cm-content"))
    assert page.get_by_text("Esc and then Tab leaves the field.").is_visible()
    keyboard.press("Control+Home", "Tab", "x", "Enter", "Escape", "Tab")
    assert page.get_by_label("Message").evaluate("field => field.matches(':focus')")
    keyboard.type("Indent by keys")
    keyboard.follow(page.get_by_role("button", name="Save"))
    page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert page.locator("#L1").inner_text().split() == ["1", "x"]

    keyboard.follow(page.get_by_role("link", name="src", exact=True))
    keyboard.go_to(page.locator("summary", has_text="Add file"))
    keyboard.press("Enter")
    keyboard.follow(page.get_by_role("link", name="Create a file"))
    keyboard.go_to(page.get_by_label("Path", exact=True))
    keyboard.type("src/new.txt")
    keyboard.go_to(page.locator(".k-editor .cm-content"))
    keyboard.type("new")
    keyboard.press("Escape", "Tab")
    keyboard.type("Add by keys")
    keyboard.follow(page.get_by_role("button", name="Save"))
    page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert _stored(site, kind, b"src") == [b"new.txt", b"water.txt"]

    keyboard.go_to(page.locator("main summary[aria-label=More]"))
    keyboard.press("Enter")
    keyboard.follow(page.get_by_role("link", name="Delete file"))
    keyboard.follow(page.get_by_role("button", name="Delete"))
    page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert _stored(site, kind, b"src") == [b"water.txt"]


def test_a_repository_is_forked_changed_and_deleted(site: Site, page: Page) -> None:
    keyboard = Keyboard(page)
    keyboard.follow(page.get_by_role("link", name="Fork", exact=True))
    keyboard.go_to(page.get_by_label("Name", exact=True))
    keyboard.type("copy")
    keyboard.go_to(page.get_by_label("As granted"))
    keyboard.press("ArrowDown")
    assert page.get_by_label("Private").is_checked()
    keyboard.follow(page.get_by_role("button", name="Fork"))
    page.get_by_text("Forked from").wait_for()

    keyboard.follow(page.locator("aside").get_by_role("link", name="tides", exact=True))
    keyboard.follow(page.get_by_role("link", name="Settings"))
    keyboard.go_to(page.get_by_label("Description"))
    keyboard.type("When the water is high")
    keyboard.go_to(page.get_by_label("Downloads"))
    keyboard.press("Space")
    keyboard.follow(page.get_by_role("button", name="Save settings"))
    assert page.get_by_label("Description").input_value() == "When the water is high"
    assert not page.get_by_label("Downloads").is_checked()

    keyboard.follow(page.get_by_role("link", name="Delete"))
    keyboard.go_to(page.get_by_label("To confirm, write the path"))
    keyboard.type("tide")
    keyboard.leave()
    keyboard.go_to(page.get_by_label("To confirm, write the path"))
    keyboard.type("tides")
    keyboard.follow(page.get_by_role("button", name="Delete this repository"))
    assert "tides" not in page.locator("main table").inner_text()


def test_a_changeset_is_read(page: Page) -> None:
    keyboard = Keyboard(page)
    keyboard.follow(page.get_by_role("link", name="Thirty").first)
    viewed = page.get_by_label("Viewed", exact=True)
    keyboard.go_to(viewed.first)
    keyboard.press("Space")
    assert viewed.first.is_checked()
    keyboard.press("?", "Escape")
    assert viewed.first.evaluate("box => box.matches(':focus')")
    keyboard.press("n", "j")
    gaps = page.locator(".k-diff tr[data-gap]")
    assert gaps.count() == 2
    keyboard.press("Enter")
    page.get_by_text("line 1", exact=True).first.wait_for()
    assert gaps.count() == 1
    assert "line 1<" in keyboard.require_focus("Enter")


def test_another_branch_is_chosen_and_somebody_signs_out(page: Page) -> None:
    keyboard = Keyboard(page)
    keyboard.press("b")
    page.get_by_role("link", name="feet").wait_for()
    keyboard.press("Escape")
    assert page.locator(".k-pick summary").evaluate("menu => menu.matches(':focus')")
    keyboard.press("Enter")
    keyboard.type("fee")
    keyboard.follow(page.locator("[data-refs-found]").get_by_role("link", name="feet"))
    assert page.locator(".k-pick summary").inner_text().split()[-1] == "feet"

    keyboard.go_to(page.locator("summary[aria-label^=Account]"))
    keyboard.press("Space")
    keyboard.follow(page.get_by_role("button", name="Sign out"))
    page.get_by_role("banner").get_by_role("link", name="Sign in").wait_for()
