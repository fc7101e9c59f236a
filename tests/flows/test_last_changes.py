"""The last changes of a folder's entries in a real browser: they come by themselves, or say why not."""

from collections.abc import Iterator
from typing import Any

import pytest

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.services.last_changes import LastChanges
from kallithea.vcs.types import Kind, LimitExceededError
from tests.flows.browser import visiting
from tests.flows.serving import serving
from tests.web.site import Site

AWAITED = "td[data-change]"

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def address(application: Application) -> Iterator[str]:
    """Where a site with a repository ``r`` of each kind is served by this process."""
    site = Site(application)
    site.grant("visitors", Level.READ)
    for kind in Kind:
        builder = site.repository(kind.value, kind)
        builder.commit({b"<b>": b"1", b"README.md": b"1\n", b"d/f": b"1"}, message=b"<i>first</i>")
        builder.commit({b"README.md": b"2\n"}, message=b"second")
    with serving(site) as address:
        yield address


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("page", ["", "/files/tip"])
def test_they_come_by_themselves(address: str, kind: Kind, page: str) -> None:
    with visiting(address) as visitor:
        visitor.open(f"/{kind}{page}")
        visitor.page.wait_for_selector(AWAITED, state="detached")

        rows = visitor.page.locator("section.k-panel table tbody tr")
        texts = [[cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()]
        assert [(name, subject) for name, subject, *_ in texts] == [
            ("d", "<i>first</i>"),
            ("<b>", "<i>first</i>"),
            ("README.md", "second"),
        ]
        visitor.page.get_by_role("link", name="<i>first</i>").first.click()
        visitor.page.get_by_role("heading", name="<i>first</i>").wait_for()
        assert visitor.complaints == []


def test_what_failed_can_be_tried_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found, tries = LastChanges.read, []

    def read(self: LastChanges, *arguments: Any) -> Any:
        tries.append(arguments)
        if len(tries) == 1:
            raise LimitExceededError("Finding the last changes took longer than 20 seconds.")
        return None if len(tries) == 2 else found(self, *arguments)

    monkeypatch.setattr(LastChanges, "read", read)
    with visiting(address) as visitor:
        visitor.open("/git/files/tip")
        visitor.page.get_by_text("took longer than 20 seconds.").wait_for()

        visitor.page.get_by_role("button", name="Try again").click()

        visitor.page.wait_for_selector(AWAITED, state="detached")
        assert visitor.page.get_by_role("button", name="Try again").count() == 0
    assert len(tries) == 3


def test_without_scripts_there_is_a_link(address: str) -> None:
    with visiting(address, script=False) as visitor:
        visitor.open("/hg/files/tip")
        visitor.page.locator("noscript a").click()
        visitor.page.get_by_role("link", name="<i>first</i>").first.wait_for()
        visitor.page.wait_for_url("**/files-with-changes/**")
