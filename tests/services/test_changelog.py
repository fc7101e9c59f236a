"""What is kept of a history: labels, lines, counts, contributors."""

import datetime
import pathlib
import shutil

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.services.authorship import (
    WEEKS,
    find_activity,
    find_contributors,
    read_activity,
    read_contributors,
)
from kallithea.services.changelog import find_count, read_count, read_history
from kallithea.services.history_pages import dump_page
from kallithea.vcs.backend import Repository
from kallithea.vcs.graph import GraphRow, GraphState, lay_out
from kallithea.vcs.history import LogFilter, LogPage, Merges, Phase
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, RevisionNotFoundError
from tests.factories.histories import random_history
from tests.factories.repositories import ADA, BOB, FIRST_DATE, HgBuilder, RepositoryBuilder, make_builder

_NOW = datetime.datetime.fromtimestamp(FIRST_DATE, datetime.UTC) + datetime.timedelta(hours=1)
# the last minute of its week
_SUNDAY = datetime.datetime(2023, 11, 19, 23, 59, tzinfo=datetime.UTC)


@pytest.fixture
def store(tmp_path: pathlib.Path) -> FileStore:
    return FileStore(tmp_path / "store", 10_000_000)


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


@pytest.mark.parametrize("kind", Kind)
def test_lines_of_a_page_go_on_from_the_page_before(kind: Kind, store: FileStore, tmp_path: pathlib.Path) -> None:
    history = random_history(kind, tmp_path / "repository", 4, 130)
    tip = history.heads[-1]
    with open_repository(kind, history.path, VcsOptions()) as repository:
        assert read_history(store, 2, repository, tip, LogFilter(), offset=50)[1] != _lines(repository, tip)[50:]
        for _ in ("read", "known"):
            pages = [read_history(store, 1, repository, tip, LogFilter(), offset=offset) for offset in (0, 50)]
            assert pages[0][1] + pages[1][1] == _lines(repository, tip)


@pytest.mark.parametrize("kind", Kind)
def test_a_page_seen_first_guesses_for_nobody_else(kind: Kind, store: FileStore, tmp_path: pathlib.Path) -> None:
    history = random_history(kind, tmp_path / "repository", 4, 180)
    tip = history.heads[-1]
    with open_repository(kind, history.path, VcsOptions()) as repository:
        read_history(store, 1, repository, tip, LogFilter(), offset=50)
        pages = [read_history(store, 1, repository, tip, LogFilter(), offset=offset) for offset in (0, 50, 100)]
        assert sum((rows for _, rows in pages), ()) == _lines(repository, tip, 150)


def _lines(repository: Repository, tip: str, count: int = 100) -> tuple[GraphRow, ...]:
    commits = repository.log(tip, limit=count).commits
    return lay_out([(commit.commit_id, commit.parent_ids) for commit in commits], GraphState())[0]


def test_a_page_of_git_is_known_once_it_was_read(store: FileStore, tmp_path: pathlib.Path) -> None:
    builder = make_builder(Kind.GIT, tmp_path / "repository")
    builder.commit({b"a": b"1"}, author=b"J\xfcrgen \xe2\x82\xac <j@example.org>", message=b"\xff\x00-less\n\nbody\n")
    tip = builder.commit({b"a": b"2", b"b": b"2"})
    questions = [LogFilter(), LogFilter(path=b"b"), LogFilter(author=BOB), LogFilter(merges=Merges.ONLY)]
    with open_repository(Kind.GIT, builder.path, VcsOptions()) as repository:
        read = [read_history(store, 1, repository, tip, wanted)[0] for wanted in questions]
        assert read == [repository.log(tip, wanted, limit=50) for wanted in questions]
        later = read_history(store, 1, repository, tip, LogFilter(), offset=1)[0]
    shutil.rmtree(builder.path)
    assert [read_history(store, 1, repository, tip, wanted)[0] for wanted in questions] == read
    assert read_history(store, 1, repository, tip, LogFilter(), offset=1)[0] == later


def test_what_may_change_is_not_kept_of_a_page() -> None:
    assert dump_page(Kind.GIT, LogPage((), 3), None, all_ancestors=False) is not None
    assert dump_page(Kind.GIT, LogPage((), 3, searched=3), None, all_ancestors=False) is None
    assert dump_page(Kind.GIT, LogPage((), damage="Object 1 cannot be read."), None, all_ancestors=True) is None
    assert dump_page(Kind.HG, LogPage((), 3), None, all_ancestors=True) is not None
    assert dump_page(Kind.HG, LogPage((), 3), None, all_ancestors=False) is None


def test_of_mercurial_a_known_page_has_the_phases_of_now(
    store: FileStore, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = HgBuilder(tmp_path / "repository")
    first = builder.commit({b"a": b"1"})
    tip = builder.commit({b"a": b"2"})
    for phase in (Phase.DRAFT, Phase.PUBLIC):
        for commit_id in (first, tip):
            builder.set_phase(commit_id, phase.value)
        with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
            page, rows = read_history(store, 1, repository, tip, LogFilter())
            assert [(commit.commit_id, commit.phase) for commit in page.commits] == [(tip, phase), (first, phase)]
            assert (page, rows) == (repository.log(tip, limit=50), _lines(repository, tip))
            # the second time nothing is walked
            monkeypatch.setattr(type(repository), "_whole_walk", None)
            assert read_history(store, 1, repository, tip, LogFilter()) == (page, rows)
            monkeypatch.undo()


def test_a_known_page_of_changesets_that_are_gone_is_read_anew(store: FileStore, tmp_path: pathlib.Path) -> None:
    builder = HgBuilder(tmp_path / "repository")
    first = builder.commit({b"a": b"1"})
    tip = builder.commit({b"a": b"2"})
    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        read_history(store, 1, repository, tip, LogFilter())
    builder.strip(tip)
    with open_repository(Kind.HG, builder.path, VcsOptions()) as repository:
        with pytest.raises(RevisionNotFoundError):
            read_history(store, 1, repository, tip, LogFilter())
        assert [one.commit_id for one in read_history(store, 1, repository, first, LogFilter())[0].commits] == [first]


def test_the_count_is_known_once_it_was_read(builder: RepositoryBuilder, store: FileStore) -> None:
    first = builder.commit({b"a": b"1"})
    second = builder.commit({b"a": b"2"})
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        assert find_count(store, 1, second) is None
        assert read_count(store, 1, repository, second) == 2
    assert find_count(store, 1, second) == 2
    assert find_count(store, 1, first) is None
    assert find_count(store, 2, second) is None


def test_contributors_are_known_once_they_were_read(builder: RepositoryBuilder, store: FileStore) -> None:
    builder.commit({b"a": b"1"}, author=BOB)
    builder.commit({b"a": b"2"}, author=b"J\xc3\xbcrgen <j@example.org>")
    tip = builder.commit({b"a": b"3"}, author=BOB)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        assert find_contributors(store, 1, tip) is None
        read = read_contributors(store, 1, repository, tip)
        assert read == repository.contributors(tip, limit=5)
    assert find_contributors(store, 1, tip) == read


def test_activity_ends_with_the_week(builder: RepositoryBuilder, store: FileStore) -> None:
    tip = builder.commit({b"a": b"1"}, author=ADA)
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        assert find_activity(store, 1, tip, _NOW) is None
        read = read_activity(store, 1, repository, tip, _NOW)
        next_week = read_activity(store, 1, repository, tip, _SUNDAY + datetime.timedelta(minutes=1))

    assert read == (0,) * (WEEKS - 1) + (1,)
    assert next_week == (0,) * (WEEKS - 2) + (1, 0)
    same_week = _SUNDAY.astimezone(datetime.timezone(datetime.timedelta(hours=9)))
    assert find_activity(store, 1, tip, same_week) == read
