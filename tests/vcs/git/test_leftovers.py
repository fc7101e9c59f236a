"""What killed git processes leave is removed when nobody can own it any more, and nothing else."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from kallithea.vcs.git.leftovers import list_leftovers
from kallithea.vcs.git.pkt_line import FLUSH, packet
from kallithea.vcs.git.wire import WireProcess, receive_environment
from kallithea.vcs.leftovers import Leftover, remove_abandoned
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.upkeep import UpkeepOrder
from tests.factories.repositories import GitBuilder
from tests.vcs.git.test_process import process_is_gone

HOUR = 3600.0
ORDER = UpkeepOrder(seconds=60, abandoned_after=5 * HOUR)
PUSHING = UpkeepOrder(seconds=60, abandoned_after=5 * HOUR, pushing=True)


def make(folder: pathlib.Path, name: str, hours: float, text: bytes = b"") -> pathlib.Path:
    """A file that was written that long ago."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    age(path, hours)
    return path


def age(path: pathlib.Path, hours: float) -> None:
    then = time.time() - hours * HOUR
    for one in (path, *path.rglob("*")):
        os.utime(one, (then, then))


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/main.lock",
        "refs/heads/deep/er.lock",
        "HEAD.lock",
        "config.lock",
        "packed-refs.lock",
        "packed-refs.new",
        "shallow.lock",
        "objects/info/commit-graph.lock",
        "objects/info/commit-graphs/commit-graph-chain.lock",
        "objects/pack/multi-pack-index.lock",
    ],
)
def test_locks_are_removed_after_an_hour_whoever_pushes(builder: GitBuilder, name: str) -> None:
    path = make(builder.path, name, 0.9)
    remove_abandoned(list_leftovers(builder.path, PUSHING))
    assert path.exists()

    age(path, 1.1)
    assert remove_abandoned(list_leftovers(builder.path, PUSHING)) == f"removed {path.name}"
    assert not path.exists()


@pytest.mark.parametrize(
    "name",
    [
        "objects/pack/tmp_pack_a1B2c3",
        "objects/pack/tmp_idx_a1B2c3",
        "objects/pack/tmp_rev_a1B2c3",
        "objects/pack/tmp_mtimes_a1B2c3",
        "objects/pack/.tmp-4711-pack-0123456789012345678901234567890123456789.pack",
        "objects/17/tmp_obj_a1B2c3",
        "objects/info/commit-graphs/tmp_graph_a1B2c3",
        "shallow_a1B2c3",
    ],
)
def test_half_written_files_are_removed_when_no_push_can_last_that_long(builder: GitBuilder, name: str) -> None:
    path = make(builder.path, name, 4.9)
    remove_abandoned(list_leftovers(builder.path, ORDER))
    assert path.exists(), "a push may last that long"

    age(path, 5.1)
    remove_abandoned(list_leftovers(builder.path, PUSHING))
    assert path.exists(), "a push may be under way"
    assert remove_abandoned(list_leftovers(builder.path, ORDER)) == f"removed {path.name}"
    assert not path.exists()


def test_packs_held_by_dead_pushes_are_freed_and_those_of_the_operator_are_not(builder: GitBuilder) -> None:
    pushed = make(builder.path, "objects/pack/pack-1.keep", 6, b"receive-pack 4711 on host\n")
    young = make(builder.path, "objects/pack/pack-2.keep", 1, b"receive-pack 4712 on host\n")
    kept = make(builder.path, "objects/pack/pack-3.keep", 6, b"archived in 2019\n")
    noted = make(builder.path, "objects/pack/pack-4.keep", 6, b"fast-import of the old server\n")

    assert remove_abandoned(list_leftovers(builder.path, ORDER)) == "removed pack-1.keep"

    assert [pushed.exists(), young.exists(), kept.exists(), noted.exists()] == [False, True, True, True]


def test_what_a_killed_import_leaves_is_removed(builder: GitBuilder) -> None:
    builder.commit({b"file": b"1"})
    command = ["git", f"--git-dir={builder.path}", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"blob\nmark :1\ndata 2\n1\n\ncheckpoint\n\n")
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not list(builder.path.glob("objects/pack/*.keep")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    (kept,) = builder.path.glob("objects/pack/*.keep")
    report = make(builder.path, f"fast_import_crash_{process.pid}", 4)
    remove_abandoned(list_leftovers(builder.path, ORDER))
    assert [kept.exists(), report.exists()] == [True, True]

    for path in (kept, report):
        age(path, 6)
    remove_abandoned(list_leftovers(builder.path, ORDER))

    assert [kept.exists(), report.exists()] == [False, False]
    builder.git("fsck", "--strict")


def test_nothing_that_belongs_to_a_repository_is_taken_for_a_leftover(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"file": b"1"})
    for name in (b"tmp_pack_a1B2c3", b"incoming-a1B2c3", b"shallow_a1B2c3", b"config", b"x.locked"):
        builder.bookmark(name, commit_id)
    builder.annotated_tag(b"packed-refs.new", commit_id)
    builder.git("repack", "-adq")
    builder.commit({b"file": b"2"})
    builder.git("commit-graph", "write", "--reachable", "--split")
    for file in ("index.lock", "gc.pid", "gc.log", "description", "hooks/pre-receive", "objects/info/alternates"):
        make(builder.path, file, 0)
    age(builder.path, 10_000)

    assert list(list_leftovers(builder.path, ORDER)) == []
    assert builder.git("rev-list", "--count", "--all") == b"2\n"


def test_what_is_still_written_to_is_young(builder: GitBuilder) -> None:
    folder = builder.path / "objects" / "tmp_objdir-incoming-a1B2c3"
    make(folder, "pack/tmp_pack_x1X1x1", 6)
    age(folder, 6)
    (folder / "pack" / "tmp_pack_x1X1x1").write_bytes(b"more")
    remove_abandoned(list_leftovers(builder.path, ORDER))
    assert folder.exists()

    age(folder, 6)
    remove_abandoned(list_leftovers(builder.path, ORDER))
    assert not folder.exists()


def test_links_are_not_followed(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    kept = make(tmp_path, "elsewhere/file", 10)
    link = builder.path / "objects" / "tmp_objdir-incoming-a1B2c3"
    link.symlink_to(tmp_path / "elsewhere")
    then = time.time() - 10 * HOUR
    os.utime(link, (then, then), follow_symlinks=False)

    remove_abandoned(list_leftovers(builder.path, ORDER))

    assert (link.is_symlink(), kept.exists()) == (False, True)


def test_what_is_gone_meanwhile_is_no_failure(tmp_path: pathlib.Path) -> None:
    assert remove_abandoned([Leftover(tmp_path / "absent", 0)]) == "nothing was there any more"


def test_many_are_counted(tmp_path: pathlib.Path) -> None:
    many = [Leftover(make(tmp_path, f"file{number}", 1), 0) for number in range(9)]
    assert remove_abandoned(many) == "removed file0, file1, file2, file3, file4 and 4 more"


@pytest.fixture
def killed_push(builder: GitBuilder, tmp_path: pathlib.Path) -> GitBuilder:
    """The repository after a push that was killed, by a signal that nobody can catch, in the middle of its pack."""
    sender = GitBuilder(tmp_path / "sender")
    commit_id = sender.commit({b"large": os.urandom(3_000_000)})
    pack = sender.git("pack-objects", "--all", "--stdout", "-q")
    command = packet(b"0" * 40 + b" " + commit_id.encode() + b" refs/heads/main\0report-status") + FLUSH
    process = WireProcess(
        VcsOptions(), builder.path, ("receive-pack", "--stateless-rpc"), receive_environment(""), seconds=60
    )
    process.feed(command + pack[:2_000_000])
    while not list(builder.path.glob("objects/tmp_objdir-*/pack/tmp_pack_*")):
        time.sleep(0.01)
    process.kill()
    return builder


def test_a_push_that_was_killed_leaves_nothing_in_the_end(killed_push: GitBuilder) -> None:
    (left,) = killed_push.path.glob("objects/tmp_objdir-incoming-*")
    remove_abandoned(list_leftovers(killed_push.path, ORDER))
    assert left.exists(), "for all that is known it goes on"

    age(left, 6)
    remove_abandoned(list_leftovers(killed_push.path, ORDER))

    assert list(killed_push.path.glob("objects/tmp_*")) == []
    killed_push.commit({b"file": b"1"})
    killed_push.git("fsck", "--strict")


def test_a_lock_left_by_a_killed_git_keeps_nobody_from_pushing_for_long(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"file": b"1"})
    command = ["git", f"--git-dir={builder.path}", "update-ref", "--stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"start\nupdate refs/heads/other {commit_id}\nprepare\n".encode())
        process.stdin.flush()
        assert process.stdout.readline() == b"start: ok\n"
        assert process.stdout.readline() == b"prepare: ok\n"
        process.send_signal(signal.SIGKILL)
    assert process_is_gone(process.pid)
    lock = builder.path / "refs" / "heads" / "other.lock"
    assert lock.exists()

    age(lock, 1.1)
    remove_abandoned(list_leftovers(builder.path, ORDER))

    builder.bookmark(b"other", commit_id)
