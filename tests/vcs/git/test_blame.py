"""Blame of Git repositories that are not as usual."""

import pathlib
from collections.abc import Callable

import pytest

from kallithea.vcs.blame import BlameOptions
from kallithea.vcs.git.repository import GitRepository, open_repository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import CorruptObjectError
from tests.factories.repositories import GitBuilder
from tests.factories.tree_bombs import commit_bomb

Open = Callable[[GitBuilder], GitRepository]


def test_longer_ids(tmp_path: pathlib.Path) -> None:
    builder = GitBuilder(tmp_path / "repository", object_format="sha256")
    first = builder.commit({b"f": b"a\n  b\n"})
    formatting = builder.commit({b"f": b"a\n    b\n"})
    last = builder.commit({b"f": b"a\n    b\nc\n"})

    with open_repository(builder.path, VcsOptions()) as repository:
        blame = repository.blame(last, b"f", ignored=[formatting])
        assert [(group.commit_id, group.count) for group in blame.groups] == [(first, 1), (first, 1), (last, 1)]
        assert repository.changed_in(last, b"f") == last


def test_a_shallow_repository_begins_at_its_boundary(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"f": b"a\n"})
    boundary = builder.commit({b"f": b"a\nb\n"})
    last = builder.commit({b"f": b"a\nb\nc\n"})
    (builder.path / "shallow").write_text(f"{boundary}\n")
    repository = reopened(builder)

    groups = repository.blame(last, b"f").groups

    assert [(group.commit_id, group.count) for group in groups] == [(boundary, 2), (last, 1)]
    assert groups[0].before is None
    assert repository.changed_in(boundary, b"f") == boundary


def test_a_damaged_older_version_names_itself(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"f": b"a\n", b"other": b"a\nb\n"})
    blob_id = builder.git("rev-parse", "main:f").decode().strip()
    last = builder.commit({b"f": b"a\nb\n"})
    (builder.path / "objects" / blob_id[:2] / blob_id[2:]).unlink()
    repository = reopened(builder)

    with pytest.raises(CorruptObjectError, match=blob_id):
        repository.blame(last, b"f")
    assert repository.blame(last, b"other").complete


@pytest.mark.parametrize("missing", ["main~1", "main~2"])
def test_a_missing_parent_names_itself(builder: GitBuilder, reopened: Open, missing: str) -> None:
    builder.commit({b"f": b"a\n", b"other": b"a\n"})
    builder.commit({b"f": b"a\nb\n"})
    last = builder.commit({b"f": b"a\nb\nc\n"})
    commit_id = builder.git("rev-parse", missing).decode().strip()
    (builder.path / "objects" / commit_id[:2] / commit_id[2:]).unlink()
    repository = reopened(builder)

    with pytest.raises(CorruptObjectError, match=commit_id):
        repository.blame(last, b"f")
    assert repository.blob(last, b"f", limit=100).data == b"a\nb\nc\n"


def test_the_repository_s_configuration_changes_nothing(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"f": b"a\n"})
    last = builder.commit({b"f": b"  a\n"})
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("f diff=upper\n")
    (builder.path / "info" / "ignored").write_text(f"{last}\n")
    builder.git("config", "diff.upper.textconv", "false")
    builder.git("config", "blame.ignoreRevsFile", str(builder.path / "info" / "ignored"))

    assert [group.commit_id for group in reopened(builder).blame(last, b"f").groups] == [last]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("blame.ignoreRevsFile", "/nonexistent/file"),
        ("blame.ignoreRevsFile", ".git-blame-ignore-revs"),
        ("mailmap.blob", "HEAD:nothing"),
        ("mailmap.file", "/nonexistent/file"),
        ("diff.algorithm", "nonsense"),
        ("core.attributesFile", "/nonexistent/file"),
        ("blame.date", "nonsense"),
        ("blame.coloring", "nonsense"),
        ("diff.noprefix", "nonsense"),
    ],
)
def test_the_repository_s_configuration_may_say_what_is_not_there(
    builder: GitBuilder, reopened: Open, key: str, value: str
) -> None:
    last = builder.commit({b"f": b"a\n"})
    with (builder.path / "config").open("a") as config:
        section, _, name = key.partition(".")
        config.write(f"[{section}]\n\t{name} = {value}\n")

    assert [group.commit_id for group in reopened(builder).blame(last, b"f").groups] == [last]


def test_ignored_commits_that_wrote_every_second_line_of_many(builder: GitBuilder, reopened: Open) -> None:
    old = [b"%d\n" % number for number in range(4100)]
    first = builder.commit({b"f": b"".join(old)})
    indented = [b"  " + line if number % 2 else line for number, line in enumerate(old)]
    formatting = builder.commit({b"f": b"".join(indented)})

    blame = reopened(builder).blame(formatting, b"f", ignored=[formatting])

    assert {group.commit_id for group in blame.groups} == {first}
    assert [group.passed_over for group in blame.groups] == [False, True] * 2050


def test_words_of_commits_are_not_taken_for_entries(builder: GitBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\n"}, message=b"filename x\nprevious y\n", author=b"filename x <previous y>")

    assert [(group.commit_id, group.path) for group in reopened(builder).blame(first, b"f").groups] == [(first, b"f")]


def test_names_are_those_of_the_commit_and_not_of_a_mailmap(builder: GitBuilder, reopened: Open) -> None:
    mailmap = b"Countess <ada@example.org>\n"
    last = builder.commit({b"f": b"a\n", b".mailmap": mailmap}, author=b"Ada <ada@example.org>")
    builder.git("config", "mailmap.blob", f"{last}:.mailmap")

    assert [commit.author.name for commit in reopened(builder).blame(last, b"f").commits] == [b"Ada"]


def test_words_in_another_encoding_become_utf_8(builder: GitBuilder, reopened: Open) -> None:
    tree_id = builder.git("rev-parse", f"{builder.commit({b'f': b'a'})}^{{tree}}").strip()
    head = b"tree " + tree_id + b"\nauthor J\xfcrgen <j> 1 +0000\ncommitter J\xfcrgen <j> 1 +0000\n"
    commit_id = builder.raw_object("commit", head + b"encoding ISO-8859-1\n\nGr\xfc\xdfe\n")

    (commit,) = reopened(builder).blame(commit_id, b"f").commits

    assert (commit.author.name.decode(), commit.subject.decode()) == ("Jürgen", "Grüße")


def test_lines_are_left_out_where_a_tree_is_too_large_to_find_the_old_name(
    builder: GitBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.git.blame.TREE_MEMORY", 32 << 20)
    bomb = commit_bomb(builder, 6, builder.commit({b"a": b"1"}))

    blame = reopened(builder).blame(bomb, b"d0/d0/d0/d0/d0/d1")

    assert (blame.total, blame.groups) == (1, ())


def test_moved_lines_are_followed_where_that_is_asked_for(builder: GitBuilder, reopened: Open) -> None:
    lines = [b"the %s line, which is long enough to be known again\n" % word for word in (b"first", b"next", b"last")]
    before = builder.commit({b"f": b"".join(lines), b"g": b"another\n"})
    within = builder.commit({b"f": b"".join([lines[2], lines[0], lines[1]]), b"g": b"another\n"})
    across = builder.commit({b"f": lines[2], b"g": b"another\n" + lines[0] + lines[1]})
    repository, following = reopened(builder), BlameOptions(follow_moves=True)

    assert within in {group.commit_id for group in repository.blame(within, b"f").groups}
    assert [group.commit_id for group in repository.blame(within, b"f", options=following).groups] == [before] * 2
    assert [(group.commit_id, group.path) for group in repository.blame(across, b"g").groups] == [
        (before, b"g"),
        (across, b"g"),
    ]
    assert [(group.commit_id, group.path) for group in repository.blame(across, b"g", options=following).groups] == [
        (before, b"g"),
        (before, b"f"),
    ]
