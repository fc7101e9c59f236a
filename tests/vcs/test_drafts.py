"""A drafted history becomes the same commits in both kinds of repository."""

import datetime
from pathlib import Path

import pytest

from kallithea.vcs.drafts import CommitDraft, HistoryDraft
from kallithea.vcs.opener import VcsOptions, create_repository, open_repository, write_history
from kallithea.vcs.types import Kind
from tests.factories.histories import random_history

_WHEN = datetime.datetime(2025, 3, 3, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=-9, minutes=-30)))
_ADA = "Ada Lovelace <ada@example.org>"


def _draft(label: str, files: dict[str, bytes | None], *parents: str) -> CommitDraft:
    return CommitDraft(label, _ADA, _WHEN, f"do {label} — é\n", files, parents)


_HISTORY = HistoryDraft(
    commits=(
        _draft("first", {"a name.txt": b"one\n", "gone.txt": b"x"}),
        _draft("left", {"näme.txt": b"two\n", "gone.txt": None}, "first"),
        _draft("right", {"right.bin": b"\0\n\xff"}, "first"),
        _draft("merge", {"right.bin": b"\0\n\xff"}, "left", "right"),
    ),
    tagger=_ADA,
    tagged=_WHEN,
    git_branches={"main": "merge"},
    bookmarks={"main": "merge"},
    tags={"v1": "right"},
)


@pytest.mark.parametrize("kind", Kind)
def test_history_is_written_as_drafted(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "repository"
    create_repository(kind, path, VcsOptions())
    write_history(kind, path, _HISTORY, VcsOptions())
    with open_repository(kind, path, VcsOptions()) as repository:
        refs = repository.refs()
        names = refs.branches if kind is Kind.GIT else refs.bookmarks
        (main,) = [ref for ref in names if ref.name == b"main"]
        (tag,) = [ref for ref in refs.tags if ref.name == b"v1"]
        merge = repository.commit(main.commit_id)
        assert merge.message.rstrip() == "do merge — é".encode()
        assert merge.parent_ids[1] == tag.commit_id
        assert merge.author.when == _WHEN
        assert merge.author.when.utcoffset() == _WHEN.utcoffset()
        paths = {entry.path for entry in repository.folder(main.commit_id, b"")}
        assert paths == {b"a name.txt", "näme.txt".encode(), b"right.bin"}
        assert repository.blob(main.commit_id, b"right.bin", limit=10).data == b"\0\n\xff"


@pytest.mark.parametrize("kind", Kind)
def test_same_draft_gives_the_same_ids(tmp_path: Path, kind: Kind) -> None:
    fingerprints = set()
    for name in ("one", "two"):
        create_repository(kind, tmp_path / name, VcsOptions())
        write_history(kind, tmp_path / name, _HISTORY, VcsOptions())
        with open_repository(kind, tmp_path / name, VcsOptions()) as repository:
            fingerprints.add(tuple(ref.commit_id for ref in repository.refs().tags))
    assert len(fingerprints) == 1


def test_drafted_changesets_are_public(tmp_path: Path) -> None:
    """As those that were pushed are."""
    create_repository(Kind.HG, tmp_path / "repository", VcsOptions())
    write_history(Kind.HG, tmp_path / "repository", _HISTORY, VcsOptions())
    with open_repository(Kind.HG, tmp_path / "repository", VcsOptions()) as repository:
        log = repository.log(repository.resolve(b"tip"))
        assert {commit.phase for commit in log.commits} == {"public"}


@pytest.mark.parametrize("kind", Kind)
def test_a_random_history_is_the_same_for_the_same_seed(tmp_path: Path, kind: Kind) -> None:
    first, again, other = (
        random_history(kind, tmp_path / name, seed, 60) for name, seed in [("first", 1), ("again", 1), ("other", 2)]
    )

    assert first.heads == again.heads
    assert set(first.heads).isdisjoint(other.heads)
