"""What only Mercurial has: phases, bookmarks that diverge, obsolescence, bundles at other places."""

import io
import pathlib
import random
import struct
import subprocess
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from kallithea.vcs.hg.mercurial_setup import util
from kallithea.vcs.hg.remote_bounds import BoundedPipe, BoundedStream, bound_bundles
from kallithea.vcs.hg.repository import open_repository
from kallithea.vcs.opener import VcsOptions, pull_repository
from kallithea.vcs.remote import PullReport, RemoteError
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import RefusedWriteError
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import Recorder, clone, refuse, source
from tests.factories.repositories import HgBuilder
from tests.factories.writing import to_nobody, verify
from tests.vcs.hg.hostile_bundles import CHUNK_OF_2_GIB, HOSTILE, bundle_of

# isort: split
from mercurial import changegroup as changegroup_module


@pytest.fixture
def elsewhere(tmp_path: pathlib.Path) -> HgBuilder:
    return HgBuilder(tmp_path / "elsewhere" / "r")


@pytest.fixture
def site(elsewhere: HgBuilder) -> Iterator[RemoteSite]:
    with remote_site(elsewhere.path.parent) as serving:
        yield serving


@pytest.fixture
def target(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "here" / "new"


def pull(site: RemoteSite, target: pathlib.Path) -> PullReport:
    return pull_repository(Kind.HG, source(site.url("r")), target, VcsOptions(), Recorder(), to_nobody)


def phase(path: pathlib.Path, commit_id: str) -> str | None:
    with open_repository(path, VcsOptions()) as repository:
        return repository.commit(commit_id).phase


@pytest.mark.parametrize(("publishing", "expected"), [("yes", "public"), ("no", "draft")])
def test_phases_are_as_they_are_served(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, publishing: str, expected: str
) -> None:
    site.hg_settings = {"phases.publish": publishing}
    first, second = elsewhere.commit({b"a": b"1"}), elsewhere.commit({b"a": b"2"})
    elsewhere.set_phase(first, "public")
    clone(Kind.HG, source(site.url("r")), target)
    assert (phase(target, first), phase(target, second)) == ("public", expected)
    third = elsewhere.commit({b"a": b"3"})
    pull(site, target)
    assert phase(target, third) == expected


def test_draft_that_has_become_public_elsewhere(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    site.hg_settings = {"phases.publish": "no"}
    first = elsewhere.commit({b"a": b"1"})
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.set_phase(first, "public")
    pull(site, target)
    assert phase(target, first) == "public"


def test_secret_changesets_stay_where_they_are(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.set_phase(elsewhere.commit({b"a": b"2"}), "secret")
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert repository.resolve(b"tip") == first


def test_obsolete_changesets_stay_hidden(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    site.hg_settings = {"phases.publish": "no"}
    first = elsewhere.commit({b"a": b"1"})
    old = elsewhere.commit({b"a": b"2"})
    clone(Kind.HG, source(site.url("r")), target)
    new = elsewhere.commit({b"a": b"3"}, parents=(first,))
    elsewhere.obsolete(old, new)
    pull(site, target)
    with open_repository(target, VcsOptions()) as repository:
        assert repository.refs().branches[0].commit_id == new
        assert repository.state().refs == {b"heads/default": new}
    verify(Kind.HG, target)


def test_named_branches_and_closed_heads(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    head = elsewhere.commit({b"b": b"1"}, branch=b"stable", parents=(first,))
    elsewhere.close_branch(b"stable", head)
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert [(ref.name, ref.closed) for ref in repository.refs().branches] == [
            (b"default", False),
            (b"stable", True),
        ]


def test_bookmark_that_is_gone_elsewhere_stays(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.bookmark(b"kept", first)
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.delete_bookmark(b"kept")
    elsewhere.commit({b"a": b"2"})
    pull(site, target)
    with open_repository(target, VcsOptions()) as repository:
        assert [ref.name for ref in repository.refs().bookmarks] == [b"kept"]


def test_divergent_and_odd_bookmarks_of_elsewhere_do_not_come(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    first = elsewhere.commit({b"a": b"1"})
    for name in (b"@", b"work@default", b"a\x01b"):
        elsewhere.bookmark(name, first)
    clone(Kind.HG, source(site.url("r")), target)
    with open_repository(target, VcsOptions()) as repository:
        assert [ref.name for ref in repository.refs().bookmarks] == [b"@"]


def test_branch_of_elsewhere_with_an_odd_name_is_not_pulled(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    elsewhere.commit({b"a": b"1"})
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.commit({b"a": b"2"}, branch=b"x\nheads/release")
    with pytest.raises(RefusedWriteError, match="control characters"):
        pull(site, target)
    verify(Kind.HG, target)


def test_bookmark_that_moves_without_new_changesets(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path
) -> None:
    first, second = elsewhere.commit({b"a": b"1"}), elsewhere.commit({b"a": b"2"})
    elsewhere.bookmark(b"work", first)
    clone(Kind.HG, source(site.url("r")), target)
    elsewhere.bookmark(b"work", second)
    assert pull(site, target).updated == (b"bookmarks/work",)
    elsewhere.bookmark(b"work", first)
    # what is here has all that already
    assert pull(site, target) == PullReport((), ())


def test_large_files_of_the_lfs_extension_are_refused(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.commit({b"a": b"1"})
    monkeypatch.setattr("kallithea.vcs.hg.importing._LFS", b"getbundle")
    with pytest.raises(RemoteError, match="lfs extension"):
        clone(Kind.HG, source(site.url("r")), target)


@pytest.mark.parametrize("history", HOSTILE.values(), ids=HOSTILE)
def test_what_does_not_fit_into_memory_is_not_read(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, history: bytes
) -> None:
    elsewhere.commit({b"a": b"1"})
    site.history = history
    tracemalloc.start()
    try:
        refuse(Kind.HG, source(site.url("r")), target, r"more than (256|64) MiB in one piece")
        assert tracemalloc.get_traced_memory()[1] < 300 << 20
    finally:
        tracemalloc.stop()


def test_history_of_an_old_server_is_bounded_as_well() -> None:
    class Peer:
        getbundle = changegroup = changegroupsubset = staticmethod(
            lambda: changegroup_module.cg1unpacker(io.BytesIO(CHUNK_OF_2_GIB + bytes(100)), b"UN")
        )

    peer = Peer()
    bound_bundles(peer)
    for ask in (peer.getbundle, peer.changegroup, peer.changegroupsubset):
        with pytest.raises(RemoteError, match="more than 256 MiB in one piece"):
            ask().deltachunk(None)


def test_answer_that_does_not_end_is_not_read_whole(
    elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.remote_bounds.MOST_WHOLE", 1 << 20)
    first = elsewhere.commit({b"a": b"1"})
    elsewhere.bookmarks([b"%04d" % number + b"x" * 900 for number in range(1200)], first)
    refuse(Kind.HG, source(site.url("r")), target, "more than 1 MiB in one piece")


def test_error_in_the_middle_of_a_history_is_told(elsewhere: HgBuilder, site: RemoteSite, target: pathlib.Path) -> None:
    elsewhere.commit({b"a": b"1"})
    whole = bundle_of(b"changegroup", b"frame", version=b"02")
    site.history = whole.replace(struct.pack(">i", 5) + b"frame", struct.pack(">i", -1))
    refuse(Kind.HG, source(site.url("r")), target, "it reports an error of its own")


def test_decompressors_are_fed_by_sips() -> None:
    asked: list[int] = []

    class Source:
        def read(self, size: int) -> bytes:
            asked.append(size)
            return b""

    util.compengines[b"zstd"].decompressorreader(BoundedStream(Source())).read(10)
    assert max(asked) <= 2048


@pytest.mark.parametrize("there", [0, 1, 3 << 20, 5 << 20])
def test_large_piece_is_what_was_sent(there: int) -> None:
    sent = random.Random(3).randbytes(there)
    assert BoundedStream(io.BytesIO(sent)).read(4 << 20) == sent[: 4 << 20]


def test_line_that_does_not_end_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.remote_bounds.MOST_AT_ONCE", 1 << 20)
    open_pipe: Any = BoundedPipe
    with subprocess.Popen(["cat", "/dev/zero"], stdout=subprocess.PIPE) as process:
        for name, arguments in (("readline", ()), ("read", (2 << 20,))):
            with pytest.raises(RemoteError, match="more than 1 MiB in one piece"):
                getattr(open_pipe(process.stdout), name)(*arguments)
        process.kill()
