"""Whatever is written where somebody can write something, every page of both kinds shows it as text."""

import contextlib
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from webtest import TestResponse as Answer

from kallithea.web.context import RepositoryContext
from tests.browser.hostile_site import VISITOR
from tests.browser.hostile_values import ATTACK, SHOWN
from tests.browser.inspection import Inspection, inspect
from tests.browser.visits import Place, visits
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site, get

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Hostile = tuple[Site, Place]

#: What answers with bytes that somebody else has written, and which of it is to keep.
CONTENTS = {
    "raw", "rawfile", "archive", "changeset-diff", "raw-changeset", "changeset-patch", "changeset-download",
    "compare-diff",
}  # fmt: skip
DOWNLOADS = {"rawfile", "archive", "changeset-download"}
ATTACHMENT = re.compile(
    r"""attachment; filename="[^"\\/;%\x00-\x1f\x7f-\uffff]+"(?:; filename\*=UTF-8''[A-Za-z0-9._~%-]+)?"""
)

# Tells the test what a page did, whatever the page may do to its console.
_WATCH = """
  window.deeds = [];
  window.hacked = () => window.deeds.push("hacked");
  document.addEventListener("securitypolicyviolation", (event) =>
    window.deeds.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def answers(hostile: Hostile) -> Iterator[tuple[str, str, Answer]]:
    """The name of each page, an address of it, and what an administrator is answered there."""
    site, place = hostile
    browser, visitor = site.browser(VISITOR), site.browser()
    for (_, name), addresses in visits(place).items():
        for address in addresses:
            # those who are signed in are led away from where one signs in
            yield name, address, get(visitor if name == "_admin/login" else browser, address)


@contextlib.contextmanager
def looking(hostile: Hostile, *, signed_in: bool = True) -> Iterator[Visitor]:
    """A browser on the site that notes what pages do and ask for."""
    with serving(hostile[0]) as address, visiting(address) as visitor:
        if signed_in:
            visitor.sign_in(VISITOR, PASSWORD)
        visitor.page.add_init_script(_WATCH)
        visitor.page.on("dialog", lambda dialog: visitor.complaints.append(f"dialog: {dialog.message}"))
        visitor.page.on("popup", lambda popup: visitor.complaints.append(f"window: {popup.url}"))
        visitor.page.on("request", lambda request: note_request(visitor, request.url))
        yield visitor


def note_request(visitor: Visitor, url: str) -> None:
    if not url.startswith(f"{visitor.site}/"):
        visitor.complaints.append(f"request: {url}")


def test_pages_are_made_of_our_elements_only(hostile: Hostile) -> None:
    problems, seen, statuses = dict[str, list[str]](), set[str](), set[tuple[str, int]]()
    with visiting("about:blank") as visitor:
        for name, address, answer in answers(hostile):
            statuses.add((name, answer.status_int))
            found = inspect(visitor.page, answer.text) if answer.content_type == "text/html" else Inspection([], "")
            seen |= {word for word in SHOWN - seen if word in found.text}
            if found.problems:
                problems[address] = found.problems
    assert problems == {}
    assert SHOWN - seen == set()
    # what cannot be edited, and who is not there; any other page needs a right address in tests/browser/visits.py
    refused = {"edit", "_admin/permissions/perms/check", "_admin/user_groups/permissions/check"}
    assert {one for one in statuses if one[1] not in (200, 303)} <= {(name, 422) for name in refused}
    elsewhere = {"favicon.ico", "summary-with-facts", "_admin/my_account/repos", "_admin/search"}
    assert {name for name, status in statuses if status != 200} == refused | elsewhere


@pytest.mark.parametrize(
    "before", ["", "r/", "r/files/tip/", "r/changeset/", "r/compare/tip...", "r/nothing/", "_tasks/"]
)
def test_error_pages_are_made_of_our_elements_only(hostile: Hostile, before: str) -> None:
    site, place = hostile
    start = before.replace("r/", f"{quote(place.repository)}/", 1) if before.startswith("r/") else before
    answer = get(site.browser(VISITOR), f"/{start}{quote(ATTACK, safe='')}")
    assert answer.status_int == 404
    with visiting("about:blank") as visitor:
        assert inspect(visitor.page, answer.text).problems == []


def test_what_is_no_page_is_not_run(hostile: Hostile) -> None:
    kinds = dict[str, set[str]]()
    for name, address, answer in answers(hostile):
        if answer.status_int != 200 or answer.content_type == "text/html":
            continue
        kinds.setdefault(name, set()).add(answer.content_type)
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        if name in CONTENTS:
            assert "; sandbox;" in answer.headers["Content-Security-Policy"], address
        if name in DOWNLOADS or answer.content_type == "application/octet-stream":
            assert ATTACHMENT.fullmatch(answer.headers["Content-Disposition"]), address
    assert kinds["raw"] == {"text/plain", "application/octet-stream", "image/svg+xml"}
    assert kinds["rawfile"] == {"application/octet-stream"}
    assert {name for name, types in kinds.items() if "image/svg+xml" in types} == {"_avatar", "raw"}
    assert kinds.keys() >= CONTENTS


def test_a_browser_runs_nothing_and_goes_nowhere(hostile: Hostile) -> None:
    pages = visits(hostile[1])
    shown = [addresses[0] for addresses in pages.values()]
    # documents of every form, and what is shown of files that have none
    shown += [address for address in pages[RepositoryContext, "files"] if "?" not in address]
    client = hostile[0].browser(VISITOR)
    deeds = dict[str, object]()
    with looking(hostile) as visitor:
        for address in dict.fromkeys(shown):
            if get(client, address).content_type == "text/html":
                visitor.page.goto(visitor.site + address)
                deeds[address] = visitor.page.evaluate("window.deeds")
    assert len(deeds) > len(pages) / 2
    assert {address: deed for address, deed in deeds.items() if deed} == {}
    assert visitor.complaints == []


def test_what_scripts_add_is_text(hostile: Hostile) -> None:
    pages = visits(hostile[1])
    with looking(hostile) as visitor:
        page = visitor.page
        visitor.open(pages[RepositoryContext, "files-find"][0])
        page.locator("input[data-find]").press_sequentially("evil")
        page.locator("[data-found] a").first.wait_for()
        assert "evil-file" in page.locator("[data-found]").inner_text()
        assert_harmless(visitor)

        visitor.open(pages[RepositoryContext, "files"][0])
        page.wait_for_selector("td[data-change]", state="detached")
        page.locator("details[data-refs] summary").click()
        page.locator("details[data-refs] input[type=search]").press_sequentially("evil-label")
        page.locator("[data-refs-found] a", has_text="evil-label-of").first.wait_for()
        assert_harmless(visitor)

        visitor.open(pages[RepositoryContext, "edit"][0])
        page.locator(".k-editor .cm-content").wait_for()
        assert "<script>hacked()</script>" in page.locator(".k-editor .cm-content").inner_text()
        assert_harmless(visitor)


def assert_harmless(visitor: Visitor) -> None:
    """Nothing of the page as it is now has come from content, or done anything."""
    assert inspect(visitor.page, visitor.page.content()).problems == []
    assert visitor.page.evaluate("window.deeds") == []
    assert visitor.complaints == []
