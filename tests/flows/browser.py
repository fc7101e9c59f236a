"""A person at a browser: the pages as they are used, by what is written on them."""

import contextlib
import os
import pathlib
import re
import urllib.parse
from collections.abc import Iterator
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright

from tests.selection import find_chromium

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_TIMEOUT = 30_000

Theme = Literal["light", "dark"]


class Visitor:
    """One browser window. ``complaints`` collects what a developer would see in red: errors, policy reports, 5xx."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.site = site.rstrip("/")
        self.pages = 0
        self.complaints: list[str] = []
        page.set_default_timeout(_TIMEOUT)
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda problem: self.complaints.append(f"script: {problem}"))
        page.on("response", self._note_response)

    def another(self) -> "Visitor":
        """Somebody else, who has none of this one's cookies."""
        browser = self.page.context.browser
        assert browser is not None
        return Visitor(browser.new_context().new_page(), self.site)

    def open(self, path: str, status: int = 200) -> None:
        """Go to an address of the site, which must answer with a page, or with one that says why not."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.pages += 1

    def sign_in(self, name: str, password: str) -> None:
        self.open("/_admin/login")
        self.page.get_by_label("Login").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/_admin/login)"))

    def create_repository(self, path: str, kind: Literal["Git", "Mercurial"], description: str) -> None:
        """Fill the form that the dashboard leads to; the new repository's page, still empty, is shown after it."""
        self.open("/")
        self.page.get_by_role("link", name="New repository").first.click()
        self.page.get_by_label("Name").fill(path)
        self.page.get_by_text(kind, exact=True).click()
        self.page.get_by_label("Description").fill(description)
        self.page.get_by_role("button", name="Create repository").click()
        self.page.get_by_role("heading", name="Push to this repository").wait_for()

    def follow(self, name: str) -> None:
        """Follow the first link of this name."""
        self._follow(self.page.get_by_role("link", name=name, exact=True).first)

    def follow_entry(self, kind: Literal["folder", "file"]) -> None:
        """Follow the first folder or file of the table of files, if there is one."""
        icon = "#file-directory-fill" if kind == "folder" else "#file"
        rows = self.page.locator("table tbody tr").filter(has=self.page.locator(f'use[href$="{icon}"]'))
        if rows.count():
            self._follow(rows.first.get_by_role("link").first)

    def follow_changeset(self) -> None:
        """Follow the first commit of a changelog."""
        self._follow(self.page.locator("main a[href*='/changeset/']").first)

    def _follow(self, link: Locator) -> None:
        address = link.get_attribute("href")
        assert address is not None
        # the answer is looked at, which a click does not give
        self.open(urllib.parse.urljoin(self.page.url, address).removeprefix(self.site))

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def sideways(self) -> int:
        """Pixels by which the page is wider than the window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wider

    def screenshot(self, file: pathlib.Path) -> None:
        self.page.screenshot(path=file)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and not re.search("status of 40[04]", text):
            self.complaints.append(f"console: {text}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status}: {response.url}")


@contextlib.contextmanager
def visiting(
    site: str, *, theme: Theme = "light", width: int = 1440, height: int = 900, script: bool = True
) -> Iterator[Visitor]:
    """A fresh window on the site, closed at the end; nothing is known to it of other windows."""
    with _SHARED[-1].lend() if _SHARED else _launched() as browser:
        others = browser.contexts
        context: Any = browser.new_context(
            color_scheme=theme, viewport={"width": width, "height": height}, java_script_enabled=script
        )
        try:
            yield Visitor(context.new_page(), site)
        finally:
            for opened in browser.contexts:
                if opened not in others:
                    opened.close()


class _SharedBrowser:
    """A browser that is started when it is first lent."""

    def __init__(self, kept: contextlib.ExitStack) -> None:
        self._kept = kept
        self._browser: Browser | None = None

    def lend(self) -> contextlib.AbstractContextManager[Browser]:
        if self._browser is None:
            self._browser = self._kept.enter_context(_launched())
        return contextlib.nullcontext(self._browser)


_SHARED: list[_SharedBrowser] = []


@contextlib.contextmanager
def one_browser() -> Iterator[None]:
    """Until the block ends, all visitors have windows of one browser. To start one takes longer than most pages."""
    with contextlib.ExitStack() as kept:
        _SHARED.append(_SharedBrowser(kept))
        try:
            yield
        finally:
            _SHARED.pop()


@contextlib.contextmanager
def _launched() -> Iterator[Browser]:
    chromium = find_chromium()
    assert chromium is not None, "Chromium is not installed (Debian: apt-get install chromium)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS), env=_environment())
        yield browser
        browser.close()


def _environment() -> dict[str, str | float | bool]:
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
