"""Upkeep of Git repositories: what is done when, and that nothing is lost by it."""

import hashlib
import os
import pathlib
import shutil
import struct
import time

import pytest

from kallithea.vcs.git.graph_layers import knows_changed_paths, list_layers
from kallithea.vcs.git.packing import Packing
from kallithea.vcs.git.packs import list_packs
from kallithea.vcs.git.workplace import Workplace
from kallithea.vcs.opener import VcsOptions, create_repository, list_upkeep
from kallithea.vcs.types import Kind, RepositoryMissingError
from kallithea.vcs.upkeep import Outcome, UpkeepOrder, do_steps, needs_any
from tests.factories.repositories import GitBuilder
from tests.vcs.git.test_process import fake_git

LIGHT = UpkeepOrder(seconds=60, abandoned_after=3600)
HEAVY = UpkeepOrder(seconds=60, abandoned_after=3600, heavy=True, prune=True)
DAYS = 86400.0
GIT = VcsOptions()
LOCAL = {"GIT_ALLOW_PROTOCOL": "file"}


def existing(path: pathlib.Path) -> GitBuilder:
    """A builder for a repository that is there already."""
    builder = GitBuilder.__new__(GitBuilder)
    builder.path, builder.tips, builder.commits_made = path, {}, 0
    return builder


def run(builder: GitBuilder, order: UpkeepOrder = LIGHT, options: VcsOptions = GIT) -> dict[str, Outcome]:
    """What became of the steps that were needed."""
    report = do_steps(list_upkeep(Kind.GIT, builder.path, order, options), order)
    failed = [step for step in report.steps if step.outcome is Outcome.FAILED]
    assert [step.words for step in failed if step.words == ""] == []
    return {step.name: step.outcome for step in report.steps if step.outcome is not Outcome.NOT_NEEDED}


def is_needed(builder: GitBuilder, order: UpkeepOrder = LIGHT) -> bool:
    return needs_any(list_upkeep(Kind.GIT, builder.path, order, VcsOptions()))


def commits_in_graph(builder: GitBuilder) -> list[int]:
    """How many commits each layer has: the last number of its fan-out table."""
    counts = []
    for layer in list_layers(builder.path):
        data = layer.read_bytes()
        chunks = dict(struct.iter_unpack(">4sQ", data[8 : 8 + 12 * data[6]]))
        counts.append(struct.unpack_from(">I", data, chunks[b"OIDF"] + 255 * 4)[0])
    return counts


def objects(builder: GitBuilder) -> list[bytes]:
    """Every object that a ref leads to, with its size; fails when one is damaged or missing."""
    builder.git("fsck", "--strict", "--no-dangling")
    return builder.git("rev-list", "--objects", "--all").splitlines()


def packed(builder: GitBuilder, count: int) -> None:
    """That many packs, as each push brings one."""
    builder.git("config", "fastimport.unpackLimit", "1")
    for number in range(count):
        builder.commit({b"file": b"%d" % number})


def one_pack(builder: GitBuilder) -> None:
    """Everything in one pack without a bitmap."""
    builder.git("-c", "repack.writeBitmaps=false", "repack", "-adq")


def has(builder: GitBuilder, object_id: str) -> bool:
    return builder.git("cat-file", "--batch-check", data=object_id.encode()).split()[1:2] != [b"missing"]


def make_old(builder: GitBuilder, days: float) -> None:
    """Let all packs and loose objects look as if they had come that long ago."""
    then = time.time() - days * DAYS
    for path in (builder.path / "objects").rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def test_a_new_repository_needs_nothing(tmp_path: pathlib.Path) -> None:
    create_repository(Kind.GIT, tmp_path / "repository", VcsOptions())
    for order in (LIGHT, HEAVY):
        assert not needs_any(list_upkeep(Kind.GIT, tmp_path / "repository", order, VcsOptions()))


def test_a_missing_repository_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        list_upkeep(Kind.GIT, tmp_path / "absent", LIGHT, VcsOptions())


def test_a_push_costs_one_process_and_a_small_layer(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    packed(builder, 8)
    assert run(builder) == {"commit graph": Outcome.DONE}
    builder.commit({b"file": b"pushed"})
    options = fake_git(tmp_path, f'echo "$2 $3" >> {tmp_path}/counted\nexec git "$@"\n')

    assert run(builder, options=options) == {"commit graph": Outcome.DONE}

    assert (tmp_path / "counted").read_text().splitlines() == ["commit-graph write"]
    assert commits_in_graph(builder) == [8, 1]
    assert all(knows_changed_paths(layer) for layer in list_layers(builder.path))
    builder.git("commit-graph", "verify")


def test_what_is_done_is_not_needed_again(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"file": b"1"})
    assert is_needed(builder)
    run(builder)
    assert not is_needed(builder)

    builder.bookmark(b"other", commit_id)
    assert is_needed(builder), "a ref has moved"
    run(builder)
    assert not is_needed(builder), "although there was no new commit"


def test_a_graph_without_changed_paths_is_completed_when_there_is_time(builder: GitBuilder) -> None:
    packed(builder, 3)
    builder.git("commit-graph", "write", "--reachable", "--no-changed-paths")
    builder.commit({b"file": b"new"})

    assert run(builder)["changed paths"] is Outcome.LEFT
    assert run(builder, HEAVY)["changed paths"] is Outcome.DONE

    assert [knows_changed_paths(layer) for layer in list_layers(builder.path)] == [True]
    assert commits_in_graph(builder) == [4]


def test_changed_paths_that_take_long_are_left(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.git.commit_graph._CHANGED_PATHS_SECONDS", 0.3)
    builder.commit({b"file": b"1"})
    options = fake_git(tmp_path, 'case "$*" in *--changed-paths*) exec sleep 600;; *) exec git "$@";; esac\n')

    outcomes = run(builder, options=options)

    assert outcomes == {"commit graph": Outcome.DONE, "changed paths": Outcome.LEFT}
    assert commits_in_graph(builder) == [1]


def test_a_second_try_has_no_more_time_than_is_left(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    builder.commit({b"file": b"1"})
    options = fake_git(tmp_path, f'echo "$2" >> {tmp_path}/counted\nexec sleep 600\n')

    outcomes = run(builder, UpkeepOrder(seconds=0.4, abandoned_after=3600), options)

    assert outcomes == {"commit graph": Outcome.LEFT}
    assert (tmp_path / "counted").read_text().splitlines() == ["commit-graph"]


@pytest.mark.parametrize("how", ["cut", "emptied", "overwritten", "chain"])
def test_a_damaged_graph_is_made_anew(builder: GitBuilder, how: str) -> None:
    packed(builder, 5)
    run(builder)
    (layer,) = list_layers(builder.path)
    data = layer.read_bytes()
    damaged = {
        "cut": data[:600],
        "emptied": b"",
        "overwritten": data[:1300] + bytes(byte ^ 0x55 for byte in data[1300:-20]) + data[-20:],
    }
    if how == "chain":
        layer = layer.with_name("commit-graph-chain")
    layer.chmod(0o644)
    layer.write_bytes(damaged.get(how, b"nonsense\xff\n"))
    builder.commit({b"file": b"new"})

    assert run(builder)["commit graph"] is Outcome.DONE

    builder.git("commit-graph", "verify")
    assert sum(commits_in_graph(builder)) == 6
    assert builder.git("rev-list", "--count", "main") == b"6\n"


def test_a_damaged_history_keeps_its_graph_and_the_other_steps_are_done(builder: GitBuilder) -> None:
    builder.commit({b"file": b"1"})
    run(builder)
    before = {layer: layer.read_bytes() for layer in list_layers(builder.path)}
    new = builder.commit({b"file": b"2"})
    for number in range(100):
        builder.bookmark(b"b%d" % number, new)
    tree = builder.git("rev-parse", "main^{tree}").decode().strip()
    (builder.path / "objects" / tree[:2] / tree[2:]).unlink()

    assert run(builder) == {"refs": Outcome.DONE, "commit graph": Outcome.FAILED}

    assert {layer: layer.read_bytes() for layer in list_layers(builder.path)} == before


def test_many_loose_refs_are_put_into_one_file(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"file": b"1"})
    for number in range(60):
        builder.bookmark(b"deep/er/%d" % number, commit_id)
    assert "refs" not in run(builder)
    for number in range(60):
        builder.annotated_tag(b"t%d" % number, commit_id)
    before = builder.git("for-each-ref")

    assert run(builder)["refs"] is Outcome.DONE

    assert builder.git("for-each-ref") == before
    assert [path for path in (builder.path / "refs").rglob("*") if path.is_file()] == []


def test_many_packs_become_few(builder: GitBuilder) -> None:
    packed(builder, 25)
    before = objects(builder)

    assert run(builder)["packs"] is Outcome.DONE

    assert len(list_packs(builder.path)) == 1
    assert objects(builder) == before


def test_many_loose_objects_are_packed(builder: GitBuilder) -> None:
    found = [data for data in map(b"%d".__mod__, range(3000)) if blob_id(data).startswith("17")][:8]
    for data in found:
        builder.raw_object("blob", data)

    assert run(builder)["packs"] is Outcome.DONE

    assert [list((builder.path / "objects").glob("17/*")), has(builder, blob_id(found[0]))] == [[], True]


def blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def large(builder: GitBuilder) -> None:
    """A history with enough objects for a bitmap."""
    builder.commit({b"%d/%d" % (number % 50, number): b"%d" % number for number in range(2100)})
    one_pack(builder)


def test_a_large_pack_gets_a_bitmap_and_keeps_it(builder: GitBuilder) -> None:
    large(builder)
    assert run(builder)["one pack"] is Outcome.LEFT

    assert run(builder, HEAVY)["one pack"] is Outcome.DONE
    assert [pack.mapped for pack in list_packs(builder.path)] == [True]

    packed(builder, 22)
    before = objects(builder)
    assert run(builder, HEAVY) == {"commit graph": Outcome.DONE, "packs": Outcome.DONE}
    assert sorted(pack.mapped for pack in list_packs(builder.path)) == [False, True]
    assert objects(builder) == before


def test_all_is_packed_anew_when_a_quarter_was_added(builder: GitBuilder) -> None:
    large(builder)
    run(builder, HEAVY)
    packed(builder, 1)
    assert "one pack" not in run(builder, HEAVY)

    builder.commit({b"more%d" % number: b"more %d" % number for number in range(700)})
    assert run(builder, HEAVY)["one pack"] is Outcome.DONE
    assert len(list_packs(builder.path)) == 1


def test_all_is_packed_anew_once_a_month_if_refs_have_moved(builder: GitBuilder) -> None:
    builder.commit({b"%d" % number: b"%d" % number for number in range(40)})
    one_pack(builder)
    make_old(builder, 31)
    assert run(builder, HEAVY)["one pack"] is Outcome.DONE

    make_old(builder, 31)
    for path in (*(builder.path / "refs").rglob("*"), builder.path / "packed-refs"):
        if path.exists():
            os.utime(path, (time.time() - 32 * DAYS,) * 2)
    assert "one pack" not in run(builder, HEAVY)


@pytest.fixture
def unreachable(builder: GitBuilder) -> tuple[str, str]:
    """Commits in an old pack and loose that no ref leads to any more."""
    builder.commit({b"%d" % number: b"%d" % number for number in range(40)})
    in_pack = builder.commit({b"file": b"gone"}, branch=b"gone")
    one_pack(builder)
    loose = builder.commit({b"file": b"loose"}, branch=b"loose")
    builder.git("update-ref", "-d", "refs/heads/gone")
    builder.git("update-ref", "-d", "refs/heads/loose")
    make_old(builder, 90)
    return in_pack, loose


def later(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Let that much time pass for the step that deletes."""
    now = time.time()
    monkeypatch.setattr("kallithea.vcs.git.packing.time.time", lambda: now + days * DAYS)


def test_what_no_ref_leads_to_stays_for_two_weeks_from_when_that_was_seen(
    builder: GitBuilder, unreachable: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(builder, HEAVY)["one pack"] is Outcome.DONE
    assert [has(builder, commit_id) for commit_id in unreachable] == [True, True]
    assert sum(pack.cruft for pack in list_packs(builder.path)) == 1

    later(monkeypatch, 13)
    assert "one pack" not in run(builder, HEAVY)
    later(monkeypatch, 15)
    assert run(builder, HEAVY)["one pack"] is Outcome.DONE

    assert [has(builder, commit_id) for commit_id in unreachable] == [False, False]
    assert not any(pack.cruft for pack in list_packs(builder.path))
    builder.git("commit-graph", "verify")
    objects(builder)


def test_a_new_pack_leaves_time_for_the_graph_and_both_have_one_time(
    builder: GitBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = list[tuple[str, float]]()

    def run_whole_time(_place: Workplace, *arguments: str, seconds: float, **_how: object) -> bytes:
        if arguments[0] != "config":
            given.append((arguments[0], seconds))
            time.sleep(seconds)
        return b"false\n"

    builder.raw_object("blob", b"unreachable")
    builder.commit({b"file": b"1"})
    run(builder)
    builder.git("repack", "--cruft", "-d", "-q")
    make_old(builder, 15)
    monkeypatch.setattr(Workplace, "run", run_whole_time)

    packing = Packing(Workplace(GIT, builder.path, builder.path, HEAVY))
    next(step for step in packing.steps() if step.heavy).work(1.0)

    assert [name for name, _ in given] == ["repack", "commit-graph"]
    assert 0 < given[1][1] <= 1.0 - given[0][1]


def test_nothing_is_deleted_while_that_is_not_allowed(
    builder: GitBuilder, unreachable: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = UpkeepOrder(seconds=60, abandoned_after=3600, heavy=True, prune=False)
    run(builder, keeping)
    later(monkeypatch, 40)
    run(builder, keeping)
    assert [has(builder, commit_id) for commit_id in unreachable] == [True, True]


def test_what_a_ref_leads_to_again_comes_back(
    builder: GitBuilder, unreachable: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(builder, HEAVY)
    builder.ref(b"refs/heads/back", unreachable[0])
    later(monkeypatch, 15)
    run(builder, HEAVY)
    assert [has(builder, commit_id) for commit_id in unreachable] == [True, False]
    objects(builder)


def test_a_push_during_a_repack_is_kept(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    large(builder)
    client = tmp_path / "client"
    builder.git("clone", "-q", "--bare", str(builder.path), str(client), environment=LOCAL)
    other = existing(client)
    pushed = other.commit({b"file": b"pushed"}, parents=(builder.tips[b"main"],))
    # git has listed the packs that it will replace; meanwhile a push arrives
    push = f"GIT_ALLOW_PROTOCOL=file git --git-dir={client} push -q {builder.path} main"
    options = fake_git(
        tmp_path, f'case "$*" in *--cruft*) git "$@" & {push} >&2; wait $!; exit $?;; esac\nexec git "$@"\n'
    )

    assert run(builder, HEAVY, options)["one pack"] is Outcome.DONE

    assert builder.git("rev-parse", "main").decode().strip() == pushed
    objects(builder)


def test_packs_that_are_kept_stay(builder: GitBuilder) -> None:
    large(builder)
    (pack,) = list_packs(builder.path)
    pack.path.with_suffix(".keep").write_text("by the operator\n")
    packed(builder, 25)

    run(builder, HEAVY)

    assert pack.path.exists()
    assert not any(one.mapped for one in list_packs(builder.path))
    objects(builder)


def test_a_repository_that_borrows_objects_keeps_borrowing(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    large(builder)
    lender = builder
    borrower = GitBuilder(tmp_path / "borrower")
    (borrower.path / "objects" / "info").mkdir(exist_ok=True)
    (borrower.path / "objects" / "info" / "alternates").write_text(f"{lender.path}/objects\n")
    borrower.commit({b"file": b"own"}, parents=(lender.tips[b"main"],))
    packed(borrower, 25)
    before = objects(borrower)

    assert run(borrower, HEAVY)["packs"] is Outcome.DONE

    assert sum(pack.objects for pack in list_packs(borrower.path)) < 200
    assert objects(borrower) == before


def test_the_packs_of_a_partial_clone_are_left(builder: GitBuilder) -> None:
    packed(builder, 25)
    for pack in list_packs(builder.path):
        pack.path.with_suffix(".promisor").touch()

    assert run(builder, HEAVY) == {"commit graph": Outcome.DONE}

    assert len(list_packs(builder.path)) == 25


def test_a_precious_repository_is_not_packed_anew(builder: GitBuilder) -> None:
    packed(builder, 25)
    builder.git("config", "core.repositoryFormatVersion", "1")
    builder.git("config", "extensions.preciousObjects", "true")
    assert run(builder, HEAVY) == {"commit graph": Outcome.DONE}


def test_a_shallow_repository(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    large(builder)
    builder.commit({b"file": b"1"})
    shallow = tmp_path / "shallow"
    builder.git("clone", "-q", "--bare", "--depth=1", f"file://{builder.path}", str(shallow), environment=LOCAL)
    clone = existing(shallow)

    run(clone, HEAVY)

    assert not is_needed(clone)
    assert clone.git("rev-list", "--count", "main") == b"1\n"


def test_a_sha256_repository(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    large(builder)
    packed(builder, 25)
    before = objects(builder)

    outcomes = run(builder, HEAVY)

    assert set(outcomes.values()) == {Outcome.DONE}
    assert not is_needed(builder, HEAVY)
    assert objects(builder) == before
    assert all(knows_changed_paths(layer) for layer in list_layers(builder.path))


def test_a_repository_with_a_working_copy(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    commit_id = builder.commit({b"file": b"1"})
    work = tmp_path / "work"
    work.mkdir()
    builder.path.rename(work / ".git")
    builder.path = work
    (work / ".git" / "index.lock").write_bytes(b"")
    os.utime(work / ".git" / "index.lock", (0, 0))

    assert run(builder) == {"commit graph": Outcome.DONE}

    assert (work / ".git" / "index.lock").exists(), "it belongs to who works there"
    assert commit_id


def test_a_full_disk_is_told_before_anything_is_written(builder: GitBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    large(builder)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("kallithea.vcs.git.packing.shutil.disk_usage", lambda _: usage._replace(free=1 << 20))
    assert run(builder, HEAVY)["one pack"] is Outcome.FAILED
    assert not any(pack.mapped for pack in list_packs(builder.path))
