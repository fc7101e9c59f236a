"""Repositories that require what this Mercurial, or this site, does not have."""

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest

from kallithea.vcs.hg.forking import fork_repository
from kallithea.vcs.hg.repository import HgRepository, open_repository, read_fingerprint
from kallithea.vcs.hg.wire import HgWire
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.pointers import LfsPointer, parse_lfs_pointer
from kallithea.vcs.types import VcsError
from tests.backends.readings import Place, read_all
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]
HG = pathlib.Path(sys.executable).parent / "hg"
LARGE = b"".join(b"%d\n" % number for number in range(100))


def hg(folder: pathlib.Path, *words: str) -> str:
    """Run hg with its lfs extension."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "HGRCPATH": os.devnull,
        "HGUSER": "ada",
        "PYTHONWARNINGS": "ignore",
    }
    options = ["--config=extensions.lfs=", "--config=extensions.share=", "--config=lfs.track=size('>100B')"]
    done = subprocess.run(
        [HG, *options, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def large(builder: HgBuilder) -> HgBuilder:
    """The file ``film`` is kept by lfs, changed, and copied; ``small`` is not."""
    (builder.path / "film").write_bytes(LARGE)
    (builder.path / "small").write_text("1\n")
    hg(builder.path, "commit", "--addremove", "-m", "one")
    (builder.path / "film").write_bytes(LARGE + b"end\n")
    hg(builder.path, "copy", "film", "copy")
    hg(builder.path, "commit", "-m", "two")
    return builder


def test_pointers_of_lfs_are_shown(large: HgBuilder, reopened: Open) -> None:
    repository = reopened(large)
    tip = repository.resolve(b"tip")

    read_all(repository, Place(tip, b"", b"film"))
    read_all(repository, Place(tip, b"", b"small"))

    film = parse_lfs_pointer(repository.blob(tip, b"film", limit=1000).data)
    assert film == LfsPointer(film.oid if film else "", len(LARGE) + 4)
    assert repository.blob(tip, b"small", limit=1000).data == b"1\n"
    followed = repository.log(tip, LogFilter(path=b"copy", follow=True)).commits
    assert [commit.subject for commit in followed] == [b"two", b"one"]


def test_a_repository_of_lfs_is_neither_sent_nor_copied(large: HgBuilder, tmp_path: pathlib.Path) -> None:
    with pytest.raises(VcsError, match="lfs extension"):
        HgWire(large.path)
    with pytest.raises(VcsError, match="lfs extension"):
        fork_repository(large.path, tmp_path / "fork", VcsOptions(), lambda *_: None)


def test_the_advice_makes_a_repository_that_is_served(large: HgBuilder, tmp_path: pathlib.Path) -> None:
    options = ["--config=extensions.convert=", "--config=lfs.track=none()"]
    hg(tmp_path, "convert", *options, str(large.path), "converted")
    HgWire(tmp_path / "converted").close()

    with open_repository(tmp_path / "converted", VcsOptions()) as repository:
        assert repository.blob(repository.resolve(b"tip"), b"film", limit=1000).data == LARGE + b"end\n"


@pytest.mark.parametrize("place", ["requires", "store/requires"])
def test_what_is_required_and_not_known_is_named(builder: HgBuilder, place: str) -> None:
    with (builder.path / ".hg" / place).open("a") as file:
        file.write("exp-something\nother-thing\n")

    with pytest.raises(VcsError, match=r"does not know: exp-something other-thing\. It can be shown when"):
        open_repository(builder.path, VcsOptions())


def test_a_damaged_list_of_requirements(builder: HgBuilder) -> None:
    (builder.path / ".hg" / "requires").write_bytes(b"\x00\xff\n")

    with pytest.raises(VcsError, match="The list of what the repository requires is damaged"):
        open_repository(builder.path, VcsOptions())


@pytest.mark.parametrize("options", [[], ["--relative"], ["--bookmarks"]], ids=["absolute", "relative", "bookmarks"])
def test_a_share_is_refused_in_words_until_it_is_none(
    builder: HgBuilder, tmp_path: pathlib.Path, options: list[str]
) -> None:
    commit_id = builder.commit({b"a": b"1"})
    share = tmp_path / "share"
    hg(tmp_path, "share", "--noupdate", *options, str(builder.path), str(share))

    with pytest.raises(VcsError, match="hg unshare"):
        read_fingerprint(share)
    with pytest.raises(VcsError, match="hg unshare"):
        open_repository(share, VcsOptions())

    hg(share, "unshare")
    before = read_fingerprint(share)
    with open_repository(share, VcsOptions()) as repository:
        assert repository.commit(commit_id).commit_id == commit_id
    hg(share, "bookmark", "--rev", commit_id, "new")
    assert read_fingerprint(share) != before
