"""F09, and shared folders that are away: what needs them is refused in words, all else goes on, and nothing is lost."""

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import UnavailableError
from kallithea.services.repository_creation import create_repository
from kallithea.vcs.types import Kind
from tests.doors.sites import ENVIRONMENT
from tests.faults.rig import OUTAGE_SECONDS, Rig, both, rigged, served, soon
from tests.faults.volumes import Volume, mounted

pytestmark = pytest.mark.slow

PAGES = ("git/changelog", "hg/changelog")


@dataclass
class Stored:
    """A rig whose folders are volumes: ``repositories``, ``cache``, ``database``, ``temporary``."""

    rig: Rig
    volumes: dict[str, Volume]

    def suffer(self, volume: str, state: str) -> contextlib.AbstractContextManager[None]:
        """A volume that is ``away``, ``read_only`` or ``full`` until the block ends."""
        states = {"away": Volume.away, "read_only": Volume.read_only, "full": Volume.full}
        return states[state](self.volumes[volume])


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    folder = tmp_path_factory.mktemp("stored")
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        names = ("repositories", "cache", "database", "temporary")
        volumes = {name: stack.enter_context(mounted(folder / name)) for name in names}
        patch.setitem(ENVIRONMENT, "TMPDIR", str(folder / "temporary"))
        values = (
            f"repository_folder={folder}/repositories",
            f"cache_dir={folder}/cache/cache",
            f"pack_cache_dir={folder}/cache/packs",
            f"sqlalchemy.url=sqlite:///{folder}/database/site.db?timeout=5",
        )
        rig = stack.enter_context(rigged(folder, *values))
        stack.enter_context(served(rig))
        both(rig.push)
        yield Stored(rig, volumes)


UNRECORDED = "its share of it, is full|cannot be reached or is busy"


@pytest.mark.parametrize(
    ("volume", "state", "words"),
    [
        ("repositories", "read_only", "unpacker error|This server is read-only at the moment"),
        ("repositories", "full", "unpacker error|disk, or its share of it, is full"),
        ("database", "full", UNRECORDED),
    ],
)
def test_what_cannot_be_written_is_refused_in_words_and_reading_goes_on(
    stored: Stored, volume: str, state: str, words: str
) -> None:
    rig = stored.rig
    with stored.suffer(volume, state):
        for refused in both(rig.push):
            assert refused.status != 0
            assert re.search(words, refused.words), refused.words
        assert [done.status for done in both(rig.clone)] == [0, 0]
        assert [rig.get(address).status for address in (*PAGES, "_readyz")] == [200] * 3
        time.sleep(OUTAGE_SECONDS)
    assert [done.status for done in both(rig.push)] == [0, 0]
    rig.require_nothing_lost()


def test_stream_clone_of_what_cannot_be_locked_is_a_clone(stored: Stored) -> None:
    with stored.suffer("repositories", "read_only"):
        assert stored.rig.clone(Kind.HG, "--stream").status == 0
    assert stored.rig.clone(Kind.HG, "--stream").status == 0


def test_full_folder_for_temporary_files_harms_nobody(stored: Stored) -> None:
    rig = stored.rig
    with stored.suffer("temporary", "full"):
        for refused in both(rig.push):
            assert refused.status != 0
            assert "The server's disk, or its share of it, is full." in refused.words
        assert [rig.get(address).status for address in PAGES] == [200, 200]
    assert [done.status for done in both(rig.push)] == [0, 0]
    rig.require_nothing_lost()


@pytest.mark.parametrize("state", ["away", "read_only", "full"])
def test_without_caches_everything_goes_on(stored: Stored, state: str) -> None:
    rig = stored.rig
    with stored.suffer("cache", state):
        assert [done.status for done in both(rig.push)] == [0, 0]
        assert [done.status for done in both(rig.clone)] == [0, 0]
        assert [rig.get(address).status for address in PAGES] == [200, 200]
    rig.require_nothing_lost()


def test_repositories_that_are_away_are_told_and_come_back(stored: Stored) -> None:
    rig, volume = stored.rig, stored.volumes["repositories"]
    with volume.away():
        assert rig.get("").status == 200
        for address in PAGES:
            page = rig.get(address)
            assert (page.status, page.retry_after.isdigit()) == (503, True)
            assert "The repository is not there." in page.text
        for refused in (*both(rig.clone), *both(rig.push)):
            assert refused.status != 0
            assert "The repository is not there." in refused.words
        with pytest.raises(UnavailableError, match="The folder of the repositories cannot be reached"):
            create_repository(rig.application, COMMAND_LINE, None, kind=Kind.GIT, path="lost")
        ready = rig.get("_readyz")
        assert (ready.status, "is it mounted?" in ready.text) == (503, True)
        time.sleep(OUTAGE_SECONDS)
        assert list(volume.place.iterdir()) == []
    assert soon(lambda: [rig.get(address).status for address in (*PAGES, "_readyz")] == [200] * 3)
    assert [done.status for done in (*both(rig.push), *both(rig.clone))] == [0] * 4
    rig.require_nothing_lost()
