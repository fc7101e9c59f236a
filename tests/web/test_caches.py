"""A site that keeps nothing of what it has found out shows the same."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.services.clone_bundles import steps_for
from kallithea.services.work import open_application
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.web.site import Browser, Site, get

PAGES = ("", "/files/tip/", "/files/tip/a.py", "/annotate/tip/a.py", "/changelog", "/changeset/tip", "/statistics")
PART = re.compile(r'data-(?:part|changes|authors)="([^"]+)"')
#: What differs each time a page is made.
TIMES = re.compile(r"(\d+) (?:seconds?|minutes?)")


@pytest.fixture
def without(application: Application, tmp_path: Path) -> Iterator[Site]:
    """A site without caches, beside that of ``application``: on the same database and repositories."""
    further = {"cache_dir": str(tmp_path / "without"), "beaker__cache__enabled": "false"}
    site = Site(open_application(settings_for(application.settings.database_url, tmp_path, **further)))
    yield site
    site.application.close()


def read(browser: Browser, address: str) -> Sequence[str]:
    """A page, or the parts that a script loads where it has some."""
    page = get(browser, address)
    parts = [get(browser, found) for found in PART.findall(page.text)]
    assert {answer.status_int for answer in (page, *parts)} == {200}
    return [TIMES.sub("", answer.text) for answer in parts or (page,)]


@pytest.mark.parametrize("kind", list(Kind))
def test_pages_without_caches_are_the_same(kind: Kind, without: Site, application: Application) -> None:
    usual = Site(application)
    usual.grant("visitors", Level.READ)
    builder = usual.repository("r", kind)
    for number in range(3):
        builder.commit({b"a.py": b"print(%d)\n" % number, b"README.md": b"# Title\n"})
    for page in PAGES:
        # what one page has found out, another one shows at once
        application.caches.clear()
        first = read(usual.browser(), f"/r{page}")
        assert [read(without.browser(), f"/r{page}") for _time in range(2)] == [first] * 2
    kept = {path.name for path in without.application.settings.cache_dir.iterdir()}
    assert not kept & {"small", "large"}
    assert (application.settings.cache_dir / "small").exists()


def test_answers_to_polls_are_not_kept(without: Site) -> None:
    without.application.told.put("answer", b"content")
    assert without.application.told.get("answer") is None


def test_no_bundle_is_made_that_nobody_can_be_told_of(without: Site, application: Application, tmp_path: Path) -> None:
    assert [len(steps_for(each, 1, Kind.HG, tmp_path)) for each in (without.application, application)] == [0, 1]
