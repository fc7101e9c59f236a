"""An import in a real browser: asked for, watched, cancelled, and in the end a repository; with and without scripts."""

import contextlib
import pathlib
import threading
from collections.abc import Iterator

import pytest

from kallithea.core.access import Level
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import RULES
from tests.factories.repositories import make_builder
from tests.flows.browser import Visitor, visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LABELS = {Kind.GIT: "Git", Kind.HG: "Mercurial"}


@pytest.fixture
def elsewhere(tmp_path: pathlib.Path) -> Iterator[RemoteSite]:
    """Another site with a repository of each kind, which sends no history until it is told to."""
    for kind in Kind:
        builder = make_builder(kind, tmp_path / "elsewhere" / kind.value)
        for number in range(5):
            builder.commit({b"README.md": b"# From elsewhere\n", b"f": b"%d" % number})
    with remote_site(tmp_path / "elsewhere") as serving_it:
        serving_it.hold_back()
        yield serving_it


@pytest.fixture
def address(application: Application) -> Iterator[str]:
    """Where this site is served, by a process that also works."""
    site = Site(application)
    application.remote_rules = RULES
    site.user("ada")
    site.group("harbour")
    site.grant("ada", Level.ADMIN, "harbour")
    with serving(site) as address, working(application):
        yield address


@contextlib.contextmanager
def working(application: Application) -> Iterator[None]:
    stop = threading.Event()

    def work() -> None:
        worker = Worker(application, HANDLERS, "worker")
        while not stop.wait(0.1):
            worker.run(stop)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def ask(visitor: Visitor, elsewhere: RemoteSite, kind: Kind) -> None:
    visitor.sign_in("ada", PASSWORD)
    visitor.open("/_admin/create_repository")
    visitor.follow("Import from another site")
    page = visitor.page
    page.get_by_label("Address").fill(elsewhere.url(kind.value))
    page.get_by_text(LABELS[kind], exact=True).click()
    page.get_by_label("Name", exact=True).fill("harbour/new")
    page.get_by_label("Description").fill("words")
    page.get_by_role("button", name="Import repository").click()
    page.get_by_role("heading", name="Importing harbour/new").wait_for()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("width", [1280, 360])
def test_import_is_watched_and_becomes_a_repository(
    address: str, elsewhere: RemoteSite, kind: Kind, width: int
) -> None:
    with visiting(address, width=width) as visitor:
        ask(visitor, elsewhere, kind)
        page = visitor.page
        page.locator(".k-steps li", has_text="Receive changes from").locator(".spin").wait_for()
        assert page.get_by_role("heading", name="Log").is_visible()
        assert page.get_by_label("Follow").is_checked()
        assert visitor.sideways() <= 0
        assert elsewhere.hold is not None
        elsewhere.hold.set()
        page.wait_for_url("**/harbour/new")
        page.get_by_role("heading", name="From elsewhere").wait_for()
        assert visitor.complaints == []


def test_import_is_cancelled(address: str, elsewhere: RemoteSite) -> None:
    with visiting(address, theme="dark") as visitor:
        ask(visitor, elsewhere, Kind.GIT)
        visitor.page.locator(".k-steps li", has_text="Receive changes from").locator(".spin").wait_for()
        visitor.page.get_by_role("button", name="Cancel import").click()
        visitor.page.get_by_text("It was cancelled. Nothing was made.").wait_for()
        assert not elsewhere.released
        assert visitor.complaints == []


def test_import_without_scripts(address: str, elsewhere: RemoteSite) -> None:
    with visiting(address, script=False) as visitor:
        ask(visitor, elsewhere, Kind.HG)
        visitor.page.locator(".k-steps li", has_text="Receive changes from").locator(".spin").wait_for()
        assert not visitor.page.get_by_label("Follow").is_visible()
        assert elsewhere.hold is not None
        elsewhere.hold.set()
        # the page asks for itself anew
        visitor.page.wait_for_url("**/harbour/new")
