"""How the last changes of a folder are found in Git: by which processes, in odd histories, with newer versions."""

import pathlib
import subprocess
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import pytest

from kallithea.vcs.git import entry_walk
from kallithea.vcs.git.path_filters import has_path_filters
from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.last_change import LastChanges
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import CorruptObjectError, Kind, TooLargeError
from tests.factories.real_log import real_last_changes
from tests.factories.repositories import GitBuilder
from tests.factories.tree_bombs import commit_bomb

Open = Callable[[GitBuilder], GitRepository]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that were started, but for the one that a process asks once."""
    commands: list[str] = []
    start = subprocess.Popen.__init__

    def note(self: object, args: list[str], *arguments: object, **options: object) -> None:
        commands.extend([str(word) for word in args[1:] if not str(word).startswith("-")][:1])
        if commands[-1] == "version":
            commands.pop()
        start(self, args, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", note)
    return commands


def assert_as_git_log(builder: GitBuilder, found: LastChanges) -> None:
    names = list(found.changes)
    assert list(found.changes.values()) == real_last_changes(
        Kind.GIT, builder.path, [(found.commit_id, name) for name in names]
    )


def build_line(builder: GitBuilder, length: int) -> str:
    """A line of commits that change one file, and before them each of four others once."""
    builder.commit({b"old%d" % number: b"" for number in range(4)} | {b"new": b""})
    for number in range(4):
        builder.commit({b"old%d" % number: b"1"})
    return [builder.commit({b"new": b"%d" % number}) for number in range(length)][-1]


@pytest.mark.parametrize("deep", [b"", b"folder/"])
def test_entries_may_come_to_a_merge_by_different_ways(builder: GitBuilder, reopened: Open, deep: bytes) -> None:
    root = builder.commit({deep + b"e/x": b"1"})
    changed = builder.commit({deep + b"e/x": b"2"})
    side = builder.commit({deep + b"d/x": b"1"}, parents=(root,))
    # What the merge has of ``d`` is the second parent's, and of ``e`` the first one's.
    merge = builder.commit({deep + b"e/x": b"2", deep + b"d/x": b"1"}, parents=(changed, side))
    other = builder.commit({deep + b"e/x": b"3"}, parents=(merge,))
    back = builder.commit({deep + b"f": b"1"}, parents=(merge,))
    tip = builder.commit({deep + b"e/x": b"2", deep + b"f": b"1"}, parents=(other, back))

    found = reopened(builder).last_changes(tip, deep.rstrip(b"/"), [b"d", b"e", b"f"])

    assert found.changes == {b"d": side, b"e": changed, b"f": back}


NAMES = [b"new", b"old0", b"old1", b"old2", b"old3"]


def test_a_cold_folder_takes_two_processes(builder: GitBuilder, reopened: Open, started: list[str]) -> None:
    tip = build_line(builder, 10)
    repository = reopened(builder)
    repository.last_changes(tip, b"", NAMES)
    started.clear()

    assert_as_git_log(builder, found := repository.last_changes(tip, b"", NAMES))
    assert started[:2] == ["rev-list", "diff-tree"]
    assert started[2:] == ["log"] * len(found.changes)


def test_after_a_push_only_what_came_is_compared(builder: GitBuilder, reopened: Open, started: list[str]) -> None:
    old = build_line(builder, 10)
    repository = reopened(builder)
    known = repository.last_changes(old, b"", NAMES)
    new = builder.commit({b"old3": b"2"})
    merge = builder.commit({b"old1": b"3"}, parents=(builder.commit({b"new": b"x"}, parents=(old,), branch=b"x"), new))
    started.clear()

    found = repository.last_changes(merge, b"", NAMES, known=known)

    assert started == ["rev-list", "diff-tree"]
    assert found == repository.last_changes(merge, b"", NAMES)


def test_what_is_known_below_the_meeting_of_two_lines(builder: GitBuilder, reopened: Open, started: list[str]) -> None:
    """A pull merges what others pushed: the line along first parents goes by the commit that is known."""
    base = build_line(builder, 10)
    theirs = builder.commit({b"old3": b"theirs"})
    mine = builder.commit({b"new": b"mine"}, parents=(base,), branch=b"mine")
    merge = builder.commit({b"old3": b"theirs"}, parents=(mine, theirs))
    repository = reopened(builder)
    known = repository.last_changes(theirs, b"", NAMES)
    started.clear()

    found = repository.last_changes(merge, b"", NAMES, known=known)

    assert started == ["rev-list", "rev-list", "diff-tree"]
    assert_as_git_log(builder, found)


@pytest.mark.parametrize("folder", [b"", b"f"])
def test_the_last_few_are_asked_for(
    builder: GitBuilder, reopened: Open, started: list[str], monkeypatch: pytest.MonkeyPatch, folder: bytes
) -> None:
    monkeypatch.setattr(entry_walk, "_WORTH", 4)
    prefix = folder + b"/" if folder else b""
    first = builder.commit({prefix + name: b"" for name in (b"a", b"b", b"c")})
    tip = [builder.commit({prefix + b"a": b"%d" % number}) for number in range(36)][-1]
    builder.git("commit-graph", "write", "--reachable", "--changed-paths")
    started.clear()

    found = reopened(builder).last_changes(tip, folder, [b"a", b"b", b"c"])

    assert found.changes == {b"a": tip, b"b": first, b"c": first}
    assert started == ["rev-list", "diff-tree", "rev-list", "rev-list"]


def test_without_filters_nothing_is_asked_for(
    builder: GitBuilder, reopened: Open, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_walk, "_WORTH", 1)
    tip = build_line(builder, 10)
    started.clear()

    reopened(builder).last_changes(tip, b"", NAMES)

    assert started == ["rev-list", "diff-tree"]


def test_a_long_branch_is_walked_in_strides(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_walk, "_LONGEST_BRANCH", 3)
    first = builder.commit({b"a": b"1", b"b": b"1"})
    main = builder.commit({b"a": b"2", b"b": b"2"})
    side = builder.commit({b"a": b"side"}, parents=(first,), branch=b"side")
    for number in range(8):
        side = builder.commit({b"c": b"%d" % number}, parents=(side,), branch=b"side")
    merge = builder.commit({b"a": b"side", b"b": b"1", b"c": b"7"}, parents=(main, side))

    assert_as_git_log(builder, reopened(builder).last_changes(merge, b"", [b"a", b"b", b"c"]))


def test_other_trees_of_the_same_contents_are_no_change(builder: GitBuilder, reopened: Open) -> None:
    """Early versions of git, and some converters, wrote modes and empty trees that git compares as nothing."""
    builder.commit({b"d/file": b"1", b"e": b"1"})
    blob = builder.git("rev-parse", "main:e").decode().strip()
    empty = builder.raw_object("tree", b"")

    def tree(*entries: tuple[bytes, bytes, str]) -> str:
        return builder.raw_object("tree", b"".join(b"%s %s\0" % (m, n) + bytes.fromhex(i) for m, n, i in entries))

    def commit(folder: str, parent: str) -> str:
        root = tree((b"40000", b"d", folder), (b"100644", b"e", blob))
        people = b"author a <> 0 +0000\ncommitter a <> 0 +0000\n\n"
        return builder.raw_object("commit", f"tree {root}\nparent {parent}\n".encode() + people)

    first = commit(tree((b"100664", b"file", blob), (b"100644", b"more", blob)), builder.tips[b"main"])
    second = commit(tree((b"100644", b"file", blob), (b"100644", b"more", blob)), first)
    third = commit(tree((b"100644", b"file", blob), (b"100644", b"more", blob), (b"40000", b"none", empty)), second)

    found = reopened(builder).last_changes(third, b"", [b"d", b"e"])

    assert found.changes[b"d"] == first
    assert_as_git_log(builder, found)


def test_a_damaged_tree_of_the_past_names_itself(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1", b"b": b"1"})
    builder.commit({b"a": b"2"})
    tree = builder.git("rev-parse", "main^{tree}").decode().strip()
    tip = builder.commit({b"a": b"3"})
    (builder.path / "objects" / tree[:2] / tree[2:]).unlink()

    with pytest.raises(CorruptObjectError, match=tree):
        reopened(builder).last_changes(tip, b"", [b"a", b"b"])


def test_a_missing_commit_of_the_past_names_itself(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a": b"1", b"b": b"1"})
    missing = builder.commit({b"a": b"2"})
    tip = builder.commit({b"a": b"3"})
    (builder.path / "objects" / missing[:2] / missing[2:]).unlink()

    with pytest.raises(CorruptObjectError, match=missing):
        reopened(builder).last_changes(tip, b"", [b"a", b"b"])


def test_memory_does_not_grow_with_the_commits_of_the_past(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"f/kept": b""})
    for number in range(3):
        builder.commit({b"f/d/%d/%d" % (number, file): b"%d" % number for file in range(4000)})
        builder.commit({b"f/d/%d/%d" % (number, file): None for file in range(4000)})
    tip = builder.commit({b"f/other": b""})
    repository = reopened(builder)
    tracemalloc.start()

    repository.last_changes(tip, b"f", [b"kept", b"other"])

    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_filters_are_found_in_one_file_and_in_a_chain(builder: GitBuilder) -> None:
    tip = builder.commit({b"a": b"1"})
    found = [has_path_filters(builder.path)]
    for options in (["--no-changed-paths"], ["--changed-paths"], ["--split", "--changed-paths"]):
        builder.git("commit-graph", "write", "--reachable", *options)
        found.append(has_path_filters(builder.path))
        builder.commit({b"a": tip.encode()})
    (builder.path / "objects/info/commit-graph").write_bytes(b"torn")
    found.append(has_path_filters(builder.path))

    assert found == [False, False, True, True, False]


GOOD = "{tip}\\ta\\000{first}\\tb\\000"
BAD = {
    "a bug": GOOD + "'; kill -ABRT $$; '",
    "a boundary": "^{tip}\\ta\\000{first}\\tb\\000",
    "an entry is left out": "{tip}\\ta\\000",
    "it is cut off": "{tip}\\ta\\000{first}\\tb",
    "a record is malformed": "{tip}\\ta\\000{first} b\\000",
    "nothing": "",
}


def fake_git(folder: pathlib.Path, version: str, output: str) -> VcsOptions:
    """A git program that says it has ``last-modified``, and otherwise is the real one."""
    program = folder / "git"
    program.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        f"version) echo >>'{folder}/versions'; echo 'git version {version}';;\n"
        f"last-modified) echo \"$*\" >>'{folder}/asked'; printf '{output}';;\n"
        '*) exec git "$@";;\n'
        "esac\n"
    )
    program.chmod(0o755)
    return VcsOptions(git_path=str(program))


def test_last_modified_is_used_where_git_has_it(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    first, tip = builder.commit({b"a": b"1", b"b": b"1"}), builder.commit({b"a": b"2"})
    # What the real command would not say shows that its answer was taken.
    options = fake_git(tmp_path, "2.52.0", GOOD.format(tip=first, first=tip))

    with open_repository(builder.path, options) as repository:
        found = repository.last_changes(tip, b"", [b"a", b"b"])

    assert found.changes == {b"a": first, b"b": tip}


@pytest.mark.parametrize("output", BAD.values(), ids=BAD.keys())
def test_an_answer_of_last_modified_that_is_not_whole_is_not_used(
    builder: GitBuilder, tmp_path: pathlib.Path, output: str
) -> None:
    first, tip = builder.commit({b"a": b"1", b"b": b"1"}), builder.commit({b"a": b"2"})
    options = fake_git(tmp_path, "2.53.1.windows.1", output.format(tip=first, first=first))

    with open_repository(builder.path, options) as repository:
        found = repository.last_changes(tip, b"", [b"a", b"b"])

    assert found.changes == {b"a": tip, b"b": first}
    assert (tmp_path / "asked").read_text().split("last-modified")[1].split() == ["-z", "--end-of-options", tip, "--"]


def test_a_program_is_asked_once_for_its_version_whatever_is_lent_to_it(
    builder: GitBuilder, tmp_path: pathlib.Path
) -> None:
    tip = builder.commit({b"a": b"1"})
    options = fake_git(tmp_path, "2.51.2", "")

    for lent in (), (tmp_path,):
        with open_repository(builder.path, replace(options, lent_objects=lent)) as repository:
            assert repository.last_changes(tip, b"", [b"a"]).changes == {b"a": tip}

    assert (tmp_path / "versions").read_text() == "\n"


def test_older_versions_are_not_asked_for_last_modified(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    first, tip = builder.commit({b"f/a": b"1", b"b": b"1"}), builder.commit({b"b": b"2"})

    with open_repository(builder.path, fake_git(tmp_path, "2.51.2", "")) as repository:
        assert repository.last_changes(tip, b"f", [b"a"]).changes == {b"a": first}

    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize("path", [b"", b"d0"])
def test_the_memory_of_a_comparison_of_large_trees_is_bounded(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch, path: bytes
) -> None:
    monkeypatch.setattr(entry_walk, "TREE_MEMORY", 32 << 20)
    bomb = commit_bomb(builder, 7, builder.commit({b"a": b"1"}))
    with pytest.raises(TooLargeError, match="more memory"):
        reopened(builder).last_changes(bomb, path, [b"d0", b"d1"])
