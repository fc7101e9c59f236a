"""A newcomer's first hour in small, with the real clients, a real server and a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kallithea.vcs.types import Kind
from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import PASSWORD, OperatorsSite, make_site
from tests.factories.repositories import make_builder
from tests.flows.browser import Theme, visiting
from tests.flows.memory import anonymous_memory
from tests.flows.newcomer import Newcomer, browse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "",
    "newcomer-git",
    "newcomer-hg",
    "newcomer-git/changelog",
    "newcomer-hg/files/tip/README.rst",
    "newcomer-git/files/tip/README.rst?view=source",
    "newcomer-git/files-find/tip?q=count",
    "newcomer-git/compare",
    "newcomer-hg/compare/0...tip",
    "_admin/login",
)
#: More than one page of a changelog.
COMMITS = 60


def make_source(kind: Kind, path: Path) -> Path:
    """A repository as a newcomer may have one: a README, a folder, and some history."""
    builder = make_builder(kind, path)
    for number in range(1, COMMITS + 1):
        files = {b"README.rst": b"A start\n=======\n", b"src/count": b"%d\n" % number}
        builder.commit(files, message="Zähle bis %d".encode() % number)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatorsSite]:
    """A site that a newcomer has been to, as long as it is served."""
    folder = tmp_path_factory.mktemp("flows")
    for name in ("site", "clients"):
        (folder / name).mkdir()
    site = make_site(folder / "site", "worker=embedded")
    git, hg = (make_source(kind, folder / kind.value) for kind in (Kind.GIT, Kind.HG))
    with serving(site, kallithea_serve) as server:
        Newcomer(site, folder / "clients", git, hg).try_everything()
        yield site
        for pid, kilobytes in anonymous_memory(server.pid).items():
            # of 150,000 that are granted; all templates and catalogs are held
            assert kilobytes < 140_000, f"process {pid} holds {kilobytes} kB"


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_fit_the_window_and_raise_no_complaint(
    site: OperatorsSite, tmp_path: Path, theme: Theme, width: int
) -> None:
    with visiting(site.url(""), theme=theme, width=width) as visitor:
        visitor.sign_in("ada", PASSWORD)
        for number, path in enumerate(PAGES):
            visitor.open(f"/{path}")
            visitor.screenshot(tmp_path / f"{number}.png")
            assert visitor.sideways() == 0, path
        assert visitor.complaints == []


@pytest.mark.parametrize("path", ["newcomer-git", "newcomer-hg"])
def test_everything_can_be_read_without_script(site: OperatorsSite, path: str) -> None:
    with visiting(site.url(""), script=False) as visitor:
        visitor.sign_in("ada", PASSWORD)
        assert browse(visitor, path) == 8
