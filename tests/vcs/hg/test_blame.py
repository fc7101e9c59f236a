"""What blame meets in Mercurial only."""

from collections.abc import Callable

import pytest

from kallithea.vcs.blame import FileVersion
from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.types import CorruptObjectError, LimitExceededError, RevisionNotFoundError
from tests.factories.repositories import HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def test_secret_and_obsolete_changesets_have_no_blame(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\n"})
    secret = builder.commit({b"f": b"b\n"})
    builder.set_phase(secret, "secret")
    old = builder.commit({b"f": b"c\n"}, parents=(first,))
    builder.obsolete(old)
    repository = reopened(builder)

    for commit_id in (secret, old):
        for ask in (repository.blame, repository.changed_in):
            with pytest.raises(RevisionNotFoundError):
                ask(commit_id, b"f")


def test_a_version_that_a_hidden_changeset_made_first(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\n"})
    old = builder.commit({b"f": b"a\nb\n"}, message=b"tpyo")
    new = builder.commit({b"f": b"a\nb\n"}, message=b"typo", parents=(first,))
    last = builder.commit({b"f": b"a\nb\nc\n"})
    builder.obsolete(old, new)
    repository = reopened(builder)

    blame = repository.blame(last, b"f")

    assert [group.commit_id for group in blame.groups] == [first, new, last]
    assert blame.groups[2].before == FileVersion(new, b"f")
    assert repository.changed_in(new, b"f") == new


def test_a_version_that_another_branch_made_first(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\n"})
    builder.commit({b"f": b"a\nb\n"}, parents=(first,), branch=b"other")
    here = builder.commit({b"f": b"a\nb\n"}, parents=(first,))

    assert [group.commit_id for group in reopened(builder).blame(here, b"f").groups] == [first, here]


def test_copies_are_followed(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"a\n"})
    second = builder.commit({b"g": b"a\nb\n"}, renames={b"g": b"f"})

    groups = reopened(builder).blame(second, b"g").groups

    assert [(group.commit_id, group.path) for group in groups] == [(first, b"f"), (second, b"g")]
    assert groups[1].before == FileVersion(first, b"f")


def test_a_damaged_older_version_names_itself(builder: HgBuilder, reopened: Open) -> None:
    lines = [b"%d %d\n" % (number, number * 7919) for number in range(2000)]
    commits = [builder.commit({b"f": b"".join(lines[: 1000 + count]), b"other": b"a"}) for count in range(4)]
    node = reopened(builder).entry(commits[0], b"f").object_id
    assert node is not None
    path = builder.path / ".hg" / "store" / "data" / "f.i"
    path.write_bytes(path.read_bytes()[:200] + bytes(200) + path.read_bytes()[400:])
    repository = reopened(builder)

    with pytest.raises(CorruptObjectError, match=node):
        repository.blame(commits[-1], b"f")
    assert repository.blame(commits[-1], b"other").complete


def test_an_older_version_can_be_too_large(builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.file_graph.LARGEST_FILE", 1000)
    builder.commit({b"f": b"a\n" * 2000})
    last = builder.commit({b"f": b"a\n"})

    with pytest.raises(LimitExceededError, match="earlier version"):
        reopened(builder).blame(last, b"f")


def test_lines_put_into_an_empty_file_by_an_ignored_changeset_stay_with_it(builder: HgBuilder, reopened: Open) -> None:
    builder.commit({b"f": b""})
    formatting = builder.commit({b"f": b"a\n"})

    groups = reopened(builder).blame(formatting, b"f", ignored=[formatting]).groups

    assert [(group.commit_id, group.passed_over) for group in groups] == [(formatting, False)]


def test_versions_are_read_ahead_in_bounds(builder: HgBuilder, reopened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.vcs.hg.file_graph._READ_AHEAD", 10)
    commits = [builder.commit({b"f": b"".join(b"%d\n" % line for line in range(count))}) for count in range(1, 30)]

    blame = reopened(builder).blame(commits[-1], b"f")

    assert [group.commit_id for group in blame.groups] == commits
