"""Who wrote each line, and exactly as git and hg themselves tell it."""

import os
import pathlib
import random
import re
import subprocess

import pytest

from kallithea.vcs.backend import Repository
from kallithea.vcs.blame import PLAIN_BLAME, Blame, BlameGroup, BlameOptions, FileVersion
from kallithea.vcs.hg.mercurial_setup import mdiff, open_local
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind, LimitExceededError, PathNotFoundError, RevisionNotFoundError
from tests.backends.conftest import Open
from tests.factories.histories import History, random_history
from tests.factories.others import OTHERS, history_of_others
from tests.factories.repositories import RepositoryBuilder, Sample, Submodule, Symlink

TEN = b"".join(b"line %d\n" % number for number in range(1, 11))

# Commit, path and number there, of a line.
Origin = tuple[str, bytes, int]


def origins(blame: Blame) -> list[Origin]:
    """Where each line comes from."""
    return [(group.commit_id, group.path, group.line + shift) for group in blame.groups for shift in range(group.count)]


def commits(blame: Blame) -> list[str]:
    """The commit of each line."""
    return [origin[0] for origin in origins(blame)]


def test_neighbouring_lines_of_one_commit_are_a_group(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": TEN})
    second = builder.commit({b"f": TEN.replace(b"line 4\nline 5\n", b"four\nfive\n")})

    blame = reopened(builder).blame(second, b"f")

    assert (blame.total, blame.first, blame.last, blame.complete) == (10, 1, 10, True)
    assert blame.groups == (
        BlameGroup(1, 3, first, b"f", 1, None),
        BlameGroup(4, 2, second, b"f", 4, FileVersion(first, b"f")),
        BlameGroup(6, 5, first, b"f", 6, None),
    )


def test_lines_are_numbered_as_in_the_commit_that_wrote_them(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\nb\n"})
    second = builder.commit({b"f": b"new\na\nb\n"})

    assert origins(reopened(builder).blame(second, b"f")) == [(second, b"f", 1), (first, b"f", 1), (first, b"f", 2)]


def test_renames_are_followed(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"old": TEN})
    changed = TEN.replace(b"line 3\n", b"three\n")
    moved = builder.commit({b"old": None, b"new": changed}, renames={b"new": b"old"})
    last = builder.commit({b"new": changed + b"more\n"})

    groups = reopened(builder).blame(last, b"new").groups

    assert [(group.commit_id, group.path, group.before) for group in groups] == [
        (first, b"old", None),
        (moved, b"new", FileVersion(first, b"old")),
        (first, b"old", None),
        (last, b"new", FileVersion(moved, b"new")),
    ]


def test_before_is_the_parent_also_where_that_left_the_file_alone(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"f": b"a\n"})
    between = builder.commit({b"other": b""})
    last = builder.commit({b"f": b"b\n"})

    assert reopened(builder).blame(last, b"f").groups[0].before == FileVersion(between, b"f")


def test_a_merge_has_lines_of_both_sides(builder: RepositoryBuilder, reopened: Open) -> None:
    base = builder.commit({b"f": TEN})
    left = builder.commit({b"f": b"left\n" + TEN})
    right = builder.commit({b"f": TEN + b"right\n"}, parents=(base,), branch=b"side")
    merge = builder.commit({b"f": b"left\n" + TEN + b"right\nmerged\n"}, parents=(left, right))

    blame = reopened(builder).blame(merge, b"f")

    assert commits(blame) == [left, *[base] * 10, right, merge]
    assert blame.groups[-1].before == FileVersion(left, b"f")


@pytest.mark.parametrize(
    ("old", "new", "old_lines"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\nc\r\n", [0, 1]),
        (b"a\nb\n", b"a\r\nb\n", [1]),
        (b"a\nb", b"a\nb\n", [0]),
        (b"a\nb\n", b"a\nb", [0]),
        (b"caf\xe9\n\xff\xfe\n", b"caf\xe9\n", [0]),
        (b"a\0b\nc\n", b"a\0b\nd\n", [0]),
        (b"a\rb\n", b"a\rb\nc\n", [0]),
        (b"\n\n", b"\n\n\n", None),
        (b"", b"a\n", []),
    ],
)
def test_lines_end_with_line_feeds(
    builder: RepositoryBuilder, reopened: Open, old: bytes, new: bytes, old_lines: list[int] | None
) -> None:
    first = builder.commit({b"f": old})
    second = builder.commit({b"f": new})

    found = commits(reopened(builder).blame(second, b"f"))

    assert len(found) == len(new.split(b"\n")) - new.endswith(b"\n")
    if old_lines is not None:
        assert [number for number, commit_id in enumerate(found) if commit_id == first] == old_lines


def test_an_empty_file_has_no_lines(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"f": b""})

    blame = reopened(builder).blame(commit_id, b"f")

    assert (blame.total, blame.groups, blame.complete) == (0, (), True)


def test_the_text_of_a_symlink_has_an_author(builder: RepositoryBuilder, reopened: Open) -> None:
    builder.commit({b"f": Symlink(b"here")})
    second = builder.commit({b"f": Symlink(b"there")})

    assert commits(reopened(builder).blame(second, b"f")) == [second]


@pytest.mark.parametrize(
    "path", [b"--all", b"-L1", b'q"uote\\.txt', b"tab\there", b"caf\xe9", b"with space", b":(top)f"]
)
def test_any_path(builder: RepositoryBuilder, reopened: Open, path: bytes) -> None:
    first = builder.commit({path: b"a\n"})
    second = builder.commit({path: b"a\nb\n"})

    assert origins(reopened(builder).blame(second, path)) == [(first, path, 1), (second, path, 2)]


@pytest.mark.parametrize("path", [b"absent", b"d", b"d/", b"", b"d/f/g", b"sub", b"d\0", b"../f", b"/d/f"])
def test_what_is_no_file(builder: RepositoryBuilder, reopened: Open, path: bytes) -> None:
    commit_id = builder.commit({b"d/f": b"a\n", b"sub": Submodule("1" * 40)})
    repository = reopened(builder)

    for ask in (repository.blame, repository.changed_in):
        with pytest.raises(PathNotFoundError):
            ask(commit_id, path)


@pytest.mark.parametrize("commit_id", ["0" * 40, "1" * 40, "HEAD", "--all", ""])
def test_what_is_no_commit(builder: RepositoryBuilder, reopened: Open, commit_id: str) -> None:
    builder.commit({b"f": b"a\n"})
    repository = reopened(builder)

    for ask in (repository.blame, repository.changed_in):
        with pytest.raises(RevisionNotFoundError):
            ask(commit_id, b"f")


def test_some_lines(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": TEN})
    second = builder.commit({b"f": TEN.replace(b"5", b"five")})
    repository = reopened(builder)

    blame = repository.blame(second, b"f", first=4, last=6)

    assert (blame.total, blame.first, blame.last, blame.complete) == (10, 4, 6, True)
    assert [(group.first, group.count, group.commit_id) for group in blame.groups] == [
        (4, 1, first),
        (5, 1, second),
        (6, 1, first),
    ]


def test_lines_beyond_the_end_are_none(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"f": TEN})
    repository = reopened(builder)

    across, beyond = repository.blame(commit_id, b"f", first=9, last=99), repository.blame(commit_id, b"f", first=11)

    assert (across.last, len(commits(across)), across.complete) == (10, 2, True)
    assert (beyond.total, beyond.groups, beyond.complete) == (10, (), True)


def test_ignored_commits_are_passed_over(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"if a:\n  b\n  c\nd\n"})
    formatting = builder.commit({b"f": b"if a:\n    b\n    c\nd\n"})
    last = builder.commit({b"f": b"if a:\n    b\n    c\ne\n"})

    blame = reopened(builder).blame(last, b"f", ignored=[formatting, "1" * 40])

    assert [(group.first, group.count, group.commit_id, group.line, group.passed_over) for group in blame.groups] == [
        (1, 1, first, 1, False),
        (2, 2, first, 2, True),
        (4, 1, last, 4, False),
    ]


def test_changes_of_white_space_are_skipped_where_that_is_asked_for(builder: RepositoryBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"if a:\n\tb c\n\td"})
    second = builder.commit({b"f": b"if a :\r\n  bc\n\te"})
    last = builder.commit({b"f": b"if a :\r\n\r\n  bc\n\te \t"})
    repository = reopened(builder)

    assert commits(repository.blame(last, b"f")) == [second, last, second, last]
    skipping = repository.blame(last, b"f", options=BlameOptions(skip_spaces=True))
    assert origins(skipping) == [(first, b"f", 1), (last, b"f", 2), (first, b"f", 2), (second, b"f", 3)]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_lines_of_white_space_alone_are_lines(builder: RepositoryBuilder, reopened: Open, end: bytes) -> None:
    first = builder.commit({b"f": b"a\n " + end})
    last = builder.commit({b"f": b"a\nb\n \t" + end})

    blame = reopened(builder).blame(last, b"f", options=BlameOptions(skip_spaces=True))

    assert origins(blame) == [(first, b"f", 1), (last, b"f", 2), (first, b"f", 2)]


def test_lines_without_others_to_be_told_of_stay_with_an_ignored_commit(
    builder: RepositoryBuilder, reopened: Open
) -> None:
    first = builder.commit({b"f": b"a\n"})

    blame = reopened(builder).blame(first, b"f", ignored=[first])

    assert blame.groups == (BlameGroup(1, 1, first, b"f", 1, None),)


@pytest.mark.parametrize("message", [b"", b"\n", b"\n\n  one  \n two\n", b"one\ttwo\n", b"a" * 5000, "Ünï\n".encode()])
def test_commits_are_told_of(builder: RepositoryBuilder, reopened: Open, message: bytes) -> None:
    builder.commit({b"f": b"a\n"}, message=message, author=b"<only@example.org>", date="1 -1130")
    last = builder.commit({b"f": b"a\nb\n"}, author="Zoë <zoë@example.org>".encode(), date="253402300799 +1400")
    repository = reopened(builder)

    assert_commits_are(repository, repository.blame(last, b"f"))


def test_without_time_nothing_is_known(builder: RepositoryBuilder, reopened: Open) -> None:
    commit_id = builder.commit({b"f": TEN})

    blame = reopened(builder).blame(commit_id, b"f", seconds=0)

    assert (blame.total, blame.groups, blame.complete) == (10, (), False)


def test_a_file_can_be_too_large(builder: RepositoryBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"kallithea.vcs.{builder.kind}.blame.LARGEST_FILE", 1 << 20)
    commit_id = builder.commit({b"f": bytes((1 << 20) + 1)})

    with pytest.raises(LimitExceededError, match="more than 1 MiB"):
        reopened(builder).blame(commit_id, b"f")


def test_a_file_was_changed_by_the_newest_commit_that_made_it_what_it_is(
    builder: RepositoryBuilder, reopened: Open
) -> None:
    builder.commit({b"d/f": b"a\n"})
    second = builder.commit({b"d/f": b"b\n"})
    third = builder.commit({b"d/g": b"c\n"})
    repository = reopened(builder)

    assert [repository.changed_in(commit_id, b"d/f") for commit_id in (second, third)] == [second, second]
    assert repository.blame(second, b"d/f") == repository.blame(third, b"d/f")


def test_the_sample(repository: Repository, sample: Sample) -> None:
    blame = repository.blame(sample["odd"], b"lib/long.txt")

    assert [(group.first, group.count, group.commit_id, group.path) for group in blame.groups] == [
        (1, 19, sample["first"], b"src/long.txt"),
        (20, 1, sample["moved"], b"lib/long.txt"),
        (21, 20, sample["first"], b"src/long.txt"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_as_the_commands_tell_it(kind: Kind, tmp_path: pathlib.Path, seed: int) -> None:
    assert_blames_are_those_of_the_commands(random_history(kind, tmp_path / "r", seed, 60), seed)


@pytest.mark.parametrize("name", OTHERS)
def test_a_history_of_others(kind: Kind, folder_of_others: pathlib.Path, name: str) -> None:
    assert_blames_are_those_of_the_commands(history_of_others(kind, name, folder_of_others), 1)


def assert_blames_are_those_of_the_commands(history: History, seed: int) -> None:
    kind, chosen = history.kind, random.Random(seed)
    with open_repository(kind, history.path, VcsOptions()) as repository:
        for commit_id in history.heads[-3:]:
            files = files_of(repository, commit_id)
            for path in chosen.sample(files, min(len(files), 8)):
                whole = repository.blame(commit_id, path)
                writers = sorted(set(commits(whole)))
                ignored = chosen.sample(writers, len(writers) // 2 + 1) if writers else []
                passed_over = repository.blame(commit_id, path, ignored=ignored)
                first = chosen.randint(1, whole.total + 1)
                part = repository.blame(commit_id, path, first=first, last=first + 2, ignored=ignored)

                assert origins(whole) == told(kind, history.path, commit_id, path, [])
                assert_commits_are(repository, whole)
                expected = told(kind, history.path, commit_id, path, ignored)
                assert expected is None or origins(passed_over) == expected
                for options in BlameOptions(skip_spaces=True), BlameOptions(skip_spaces=True, follow_moves=True):
                    found = repository.blame(commit_id, path, options=options)
                    assert origins(found) == told(kind, history.path, commit_id, path, [], options)
                assert origins(part) == origins(passed_over)[first - 1 : first + 2]
                assert repository.blame(repository.changed_in(commit_id, path), path) == whole


def assert_commits_are(repository: Repository, blame: Blame) -> None:
    """The commits are told of as elsewhere, each of those that are named once."""
    assert sorted(commit.commit_id for commit in blame.commits) == sorted(set(commits(blame)))
    for commit in blame.commits:
        known = repository.commit(commit.commit_id)
        assert (commit.author, commit.subject) == (known.author, known.subject)


def files_of(repository: Repository, commit_id: str, folder: bytes = b"") -> list[bytes]:
    found = []
    for entry in repository.folder(commit_id, folder):
        if entry.kind is EntryKind.FOLDER:
            found += files_of(repository, commit_id, entry.path)
        elif entry.kind is not EntryKind.SUBREPOSITORY:
            found.append(entry.path)
    return found


def told(
    kind: Kind,
    repository: pathlib.Path,
    commit_id: str,
    path: bytes,
    ignored: list[str],
    asked: BlameOptions = PLAIN_BLAME,
) -> list[Origin] | None:
    """What git itself tells, or the function whose answer ``hg annotate`` prints at the changeset that made the file.

    None where that fails: where an ignored changeset filled an empty file.
    """
    if kind is Kind.HG:
        opened = open_local(repository).filtered(b"served")
        revisions = {opened[bytes.fromhex(one)].rev() for one in ignored}
        try:
            file = opened[bytes.fromhex(commit_id)][path].introfilectx()
            lines = file.annotate(follow=True, skiprevs=revisions, diffopts=mdiff.diffopts(ignorews=asked.skip_spaces))
        except IndexError:
            return None
        return [(line.fctx.hex().decode(), line.fctx.path(), line.lineno) for line in lines]
    options = [f"--ignore-rev={one}" for one in ignored]
    options += ["-w"] * asked.skip_spaces + ["-M", "-C"] * asked.follow_moves
    command: list[str | bytes] = [
        "git",
        "-c",
        "core.quotePath=false",
        "blame",
        "--line-porcelain",
        *options,
        commit_id,
        "--",
        path,
    ]
    output = subprocess.run(command, cwd=repository, capture_output=True, check=True, env=os.environ).stdout
    found = re.findall(rb"^([0-9a-f]{40}) (\d+).*\n(?:[a-z].*\n)*filename (.*)\n\t", output, re.MULTILINE)
    return [(commit.decode(), name, int(number)) for commit, number, name in found]
