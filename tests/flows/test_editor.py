"""The editor of files in a real browser: what is written there is what is saved, with and without scripts."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Dialog, Page

from kallithea.core.access import Level
from kallithea.core.words import Text
from kallithea.services.application import Application
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind
from kallithea.web.edits.phrases import PHRASES
from tests.factories.writing import BRANCH
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site, form_of, get

PYTHON = b"import os\r\n\r\n\r\ndef find(name):\r\n    return os.environ[name]  # <b>\r\n"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def site(application: Application) -> Site:
    """A repository of each kind, to which ada may write."""
    site = Site(application)
    site.user("ada")
    for kind in Kind:
        builder = site.repository(kind.value, kind)
        builder.commit({b"src/find.py": PYTHON, b"README.md": b"# Hello\n"})
        site.grant("ada", Level.WRITE, kind.value)
    return site


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    """Where it is served by this process."""
    with serving(site) as address:
        yield address


def stored(site: Site, kind: Kind, path: bytes) -> bytes:
    folder = site.application.settings.repository_folder / kind.value
    with open_repository(kind, folder, VcsOptions()) as repository:
        return repository.blob(repository.resolve(BRANCH[kind]), path, limit=1 << 20).data


def save_meanwhile(site: Site, kind: Kind, path: str, text: str) -> None:
    """Save a file in another browser."""
    form = form_of(get(site.browser("ada"), f"/{kind}/edit/tip/{path}"))
    form["content"] = text
    assert form.submit().status_int == 303


def leave_when_asked(page: Page) -> list[str]:
    """Agree to leave the page; the kinds of questions that were asked."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    return asked


def begin(visitor: Visitor, kind: Kind, path: str) -> None:
    """Sign in and open the form of a file by its button."""
    visitor.sign_in("ada", PASSWORD)
    visitor.open(f"/{kind}/files/tip/{path}")
    visitor.follow("Edit")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_in_the_editor_is_saved(
    site: Site, address: str, kind: Kind, theme: Literal["light", "dark"]
) -> None:
    with visiting(address, theme=theme) as visitor:
        begin(visitor, kind, "src/find.py")
        page, editor = visitor.page, visitor.page.locator(".k-editor .cm-content")
        editor.wait_for()
        # the language has been loaded when words have colours
        page.locator(".k-editor .cm-line span").first.wait_for()
        assert not page.locator("textarea[name=content]").is_visible()

        editor.press("Control+Home")
        page.keyboard.type("# a/b?jk")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Save").click()

        page.get_by_role("status").get_by_text("Saved on").wait_for()
        assert stored(site, kind, b"src/find.py") == b"# a/b?jk\r\n" + PYTHON
        assert visitor.complaints == []


@pytest.mark.parametrize("kind", Kind)
def test_without_scripts_the_text_is_saved_as_well(site: Site, address: str, kind: Kind) -> None:
    with visiting(address, script=False) as visitor:
        begin(visitor, kind, "README.md")
        visitor.page.get_by_label("Content").fill("# Bye\n\nfor now")
        visitor.page.get_by_role("button", name="Save").click()
        visitor.page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert stored(site, kind, b"README.md") == b"# Bye\n\nfor now"


@pytest.mark.parametrize("kind", Kind)
def test_files_are_uploaded(site: Site, address: str, kind: Kind) -> None:
    with visiting(address) as visitor:
        visitor.sign_in("ada", PASSWORD)
        visitor.open(f"/{kind}/files/tip/src")
        visitor.page.get_by_text("Add file").click()
        visitor.page.get_by_role("link", name="Upload files").click()
        files = [
            {"name": 'zwölf "12".bin', "mimeType": "application/octet-stream", "buffer": bytes(range(256))},
            {"name": "b", "mimeType": "text/plain", "buffer": b"a\r\n"},
        ]
        visitor.page.get_by_label("Files", exact=True).set_input_files(files)  # type: ignore[arg-type]  # as documented
        visitor.page.get_by_role("button", name="Upload").click()
        visitor.page.get_by_role("status").get_by_text("Saved on").wait_for()
        assert visitor.complaints == []
    assert stored(site, kind, 'src/zwölf "12".bin'.encode()) == bytes(range(256))
    assert stored(site, kind, b"src/b") == b"a\r\n"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("kind", Kind)
def test_an_upload_that_is_refused_keeps_the_files_and_replaces_by_its_button(
    site: Site, address: str, kind: Kind, script: bool
) -> None:
    files = [{"name": "README.md", "mimeType": "application/octet-stream", "buffer": b"\0new"}]
    with visiting(address, script=script) as visitor:
        visitor.sign_in("ada", PASSWORD)
        visitor.open(f"/{kind}/upload/tip")
        page = visitor.page
        field = page.get_by_label("Files", exact=True)
        field.set_input_files(files)  # type: ignore[arg-type]  # as documented
        page.get_by_role("button", name="Upload as").click()
        page.get_by_text("There is a file of this name already: README.md.").wait_for()
        assert stored(site, kind, b"README.md") == b"# Hello\n"
        assert page.get_by_text("Choose the files again").count() == (0 if script else 1)
        if script:
            assert field.evaluate("field => [...field.files].map(file => file.name)") == ["README.md"]
        else:
            field.set_input_files(files)  # type: ignore[arg-type]  # as documented
        assert visitor.sideways() == 0
        page.get_by_role("button", name="Replace 1 file").click()
        page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert stored(site, kind, b"README.md") == b"\0new"


def test_the_keyboard_leaves_the_editor(address: str) -> None:
    with visiting(address) as visitor:
        begin(visitor, Kind.HG, "README.md")
        page = visitor.page
        page.locator(".k-editor .cm-content").press("Control+Home")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "k-editor"
        assert page.locator(".k-editor .cm-line").first.inner_text() == "    # Hello"
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "message"


def test_a_text_that_could_not_be_saved_stays_in_the_editor(site: Site, address: str) -> None:
    with visiting(address) as visitor:
        begin(visitor, Kind.GIT, "README.md")
        page = visitor.page
        page.locator(".k-editor .cm-content").press("x")
        page.get_by_label("Path", exact=True).fill("src/find.py")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("there is a file of this name already").wait_for()
        assert page.locator(".k-editor .cm-line").first.inner_text() == "x# Hello"
        asked = leave_when_asked(page)
        page.get_by_role("link", name="Cancel").click()
        page.wait_for_url("**/files/**")
        assert asked == ["beforeunload"]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("kind", Kind)
def test_enter_on_the_page_of_a_conflict_saves_nothing(site: Site, address: str, kind: Kind, script: bool) -> None:
    with visiting(address, script=script) as visitor:
        begin(visitor, kind, "README.md")
        page = visitor.page
        save_meanwhile(site, kind, "README.md", "theirs\n")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("has changed while you wrote").wait_for()
        page.get_by_label("Path", exact=True).press("Enter")
        page.wait_for_timeout(500)
        assert page.get_by_text("has changed while you wrote").is_visible()
    assert stored(site, kind, b"README.md") == b"theirs\n"


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("kind", Kind)
def test_what_somebody_else_saved_is_beside_the_text_and_written_over_by_its_button(
    site: Site, address: str, kind: Kind, script: bool
) -> None:
    with visiting(address, script=script) as visitor:
        begin(visitor, kind, "README.md")
        page = visitor.page
        if script:
            page.locator(".k-editor .cm-content").press("x")
        else:
            page.get_by_label("Content").fill("x# Hello\n")
        save_meanwhile(site, kind, "README.md", "theirs\n")
        page.get_by_role("button", name="Save").click()
        assert page.get_by_label("The file as it is now").input_value() == "theirs\n"
        if script:
            assert page.locator(".k-editor .cm-line").first.inner_text() == "x# Hello"
        assert visitor.sideways() == 0
        page.get_by_role("button", name="Save over the file").click()
        page.get_by_role("status").get_by_text("Saved on").wait_for()
    assert stored(site, kind, b"README.md") == b"x# Hello\n"


def test_leaving_unsaved_text_asks(address: str) -> None:
    with visiting(address) as visitor:
        begin(visitor, Kind.GIT, "README.md")
        asked = leave_when_asked(visitor.page)
        visitor.page.locator(".k-editor .cm-content").press("x")
        visitor.page.get_by_role("link", name="Cancel").click()
        visitor.page.get_by_role("link", name="Edit").wait_for()
        assert asked == ["beforeunload"]


def test_the_editor_says_what_its_page_says(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PHRASES, "Find", Text("Look for", {}))
    with visiting(address) as visitor:
        begin(visitor, Kind.GIT, "README.md")
        visitor.page.locator(".k-editor .cm-content").press("Control+f")
        visitor.page.get_by_placeholder("Look for").wait_for()
        assert visitor.page.get_by_text("Tab indents.").is_visible()
        assert visitor.complaints == []


@pytest.mark.parametrize(
    "page", ["files/tip/src/find.py", "files/tip", "edit/tip/src/find.py", "add/tip", "upload/tip"]
)
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_are_no_wider_than_the_window(address: str, page: str, width: int) -> None:
    with visiting(address, width=width) as visitor:
        visitor.sign_in("ada", PASSWORD)
        visitor.open(f"/git/{page}")
        assert visitor.sideways() == 0
        assert visitor.complaints == []


@pytest.mark.parametrize("page", ["", "/files/tip", "/files/tip/README.md", "/files/tip/src/find.py"])
@pytest.mark.parametrize("width", [1440, 500, 360])
def test_menus_open_within_the_window(address: str, page: str, width: int) -> None:
    with visiting(address, width=width) as visitor:
        visitor.sign_in("ada", PASSWORD)
        visitor.open(f"/git{page}")
        menu = visitor.page.locator("main details.k-menu:not(.k-pick)").filter(has_text="file").first
        menu.locator("summary").click()
        box = menu.locator(".k-pop").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert visitor.sideways() == 0
