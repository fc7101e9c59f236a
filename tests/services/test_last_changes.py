"""The last changes of folders as they are kept, extended, and had ready."""

import datetime
import pathlib
from collections.abc import Mapping
from typing import Any

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.cache.turns import take_turn
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import FindLastChanges
from kallithea.services import last_changes
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobContext
from kallithea.services.last_changes import RECENT_FOLDERS, Change, LastChanges, Place, place_of
from kallithea.services.refreshing import refresh_last_changes
from kallithea.services.settling import settle
from kallithea.services.work import writing
from kallithea.vcs.git.last_change import GitLastChange
from kallithea.vcs.hg.last_change import HgLastChange
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, LimitExceededError, PathNotFoundError
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.services.test_outbox import stored_jobs

ROOT = Place(1, b"")


@pytest.fixture
def service(tmp_path: pathlib.Path) -> LastChanges:
    return LastChanges(FileStore(tmp_path / "store", 10_000_000), tmp_path / "turns")


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> RepositoryBuilder:
    return make_builder(request.param, tmp_path / "repository")


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bytes, int, str | None]]:
    """Of each search in a repository the folder, how many entries, and the commit from which it was extended."""
    done: list[tuple[bytes, int, str | None]] = []
    for backend in (GitLastChange, HgLastChange):
        search = backend.last_changes

        def note(
            self: Any, at: str, path: bytes, names: Any, *, known: Any, seconds: float, search: Any = search
        ) -> Any:
            done.append((path, len(names), known.commit_id if known is not None else None))
            return search(self, at, path, names, known=known, seconds=seconds)

        monkeypatch.setattr(backend, "last_changes", note)
    return done


def read(
    service: LastChanges, builder: RepositoryBuilder, commit_id: str, place: Place = ROOT
) -> Mapping[bytes, Change] | None:
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        return service.read(repository, place, commit_id)


def test_what_was_found_is_kept(service: LastChanges, builder: RepositoryBuilder, searches: list[Any]) -> None:
    builder.commit({b"caf\xe9": b"1", "ü".encode(): b"1"}, message="Ädd\n\nmore".encode(), date="1700000000 -0930")
    odd = b"caf\xe9 \xff" if builder.kind is Kind.GIT else b"plain"
    tip = builder.commit({"ü".encode(): b"2"}, message=odd)
    assert service.find(ROOT, tip) is None
    assert service.find_one(ROOT, tip, b"caf\xe9") is None

    found = read(service, builder, tip)

    assert found is not None
    assert found[b"caf\xe9"].subject == "Ädd".encode()
    assert found[b"caf\xe9"].when.isoformat() == "2023-11-14T12:43:20-09:30"
    assert (found["ü".encode()].commit_id, found["ü".encode()].subject) == (tip, odd)
    assert service.find(ROOT, tip) == found
    assert {name: service.find_one(ROOT, tip, name) for name in found} == found
    assert service.find_one(ROOT, tip, b"absent") is None
    assert read(service, builder, tip) == found
    assert len(searches) == 1


def test_the_next_commit_is_extended_from_the_last(
    service: LastChanges, builder: RepositoryBuilder, searches: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = builder.commit({b"a": b"1", b"b": b"1"}, message=b"first")
    read(service, builder, first)
    second = builder.commit({b"b": b"2"}, message=b"second")
    described = last_changes._describe

    def describe(repository: Any, found: Any, near: Any) -> Any:
        assert {change.commit_id for change in near.values()} == {first}
        return described(repository, found, near)

    monkeypatch.setattr(last_changes, "_describe", describe)

    found = read(service, builder, second)

    assert found is not None
    assert {name: change.subject for name, change in found.items()} == {b"a": b"first", b"b": b"second"}
    assert searches == [(b"", 2, None), (b"", 2, first)]


def test_folders_and_repositories_are_kept_apart(
    service: LastChanges, builder: RepositoryBuilder, searches: list[Any]
) -> None:
    tip = builder.commit({b"a/f": b"1", b"b": b"1"})
    for place in (ROOT, Place(1, b"a"), Place(2, b"")):
        read(service, builder, tip, place)
    assert [commit_id for _, _, commit_id in searches] == [None, None, None]


def test_of_a_huge_folder_only_the_page_is_looked_for(
    service: LastChanges, builder: RepositoryBuilder, searches: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_changes, "WHOLE_LIMIT", 5)
    monkeypatch.setattr(last_changes, "FOLDER_PAGE", 4)
    tip = builder.commit({b"f%d" % number: b"" for number in range(6)})
    assert [place_of(1, b"", total, 2) for total in (5, 6)] == [Place(1, b""), Place(1, b"", 2)]

    found = [read(service, builder, tip, place_of(1, b"", 6, page)) for page in (1, 2)]

    assert [sorted(page or ()) for page in found] == [[b"f0", b"f1", b"f2", b"f3"], [b"f4", b"f5"]]
    assert [count for _, count, _ in searches] == [4, 2]


def test_a_long_subject_is_cut_between_characters(service: LastChanges, builder: RepositoryBuilder) -> None:
    found = read(service, builder, builder.commit({b"a": b"1"}, message="語".encode() * 200))
    assert found is not None
    assert found[b"a"].subject == "語".encode() * 100


def test_a_folder_without_entries_has_none(service: LastChanges, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    assert read(service, builder, builder.commit({b"a": None})) == {}


def test_while_somebody_else_is_finding_it_nothing_is_searched(
    service: LastChanges, builder: RepositoryBuilder, searches: list[Any], tmp_path: pathlib.Path
) -> None:
    tip = builder.commit({b"a": b"1"})
    with take_turn(tmp_path / "turns", last_changes._key(ROOT, tip), wait_seconds=0):
        assert read(service, builder, tip) is None
    assert searches == []
    assert read(service, builder, tip) is not None


def test_a_folder_that_takes_too_long_is_left_to_work_in_the_background(
    service: LastChanges, builder: RepositoryBuilder
) -> None:
    tip = builder.commit({b"d/a": b"1", b"b": b"1"})
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        with pytest.raises(LimitExceededError):
            service.read(repository, Place(1, b"d"), tip, seconds=0)
        service.refresh(repository, 1, tip, seconds=60)
    assert service.find(Place(1, b"d"), tip) is not None


def test_a_folder_that_is_not_there(service: LastChanges, builder: RepositoryBuilder) -> None:
    with pytest.raises(PathNotFoundError):
        read(service, builder, builder.commit({b"a": b"1"}), Place(1, b"absent"))


def test_the_root_and_folders_that_were_asked_for_are_had_ready(
    service: LastChanges, builder: RepositoryBuilder, searches: list[Any]
) -> None:
    first = builder.commit({b"a/f": b"1", b"b/f": b"1", b"gone/f": b"1"})
    for path in (b"a", b"gone"):
        read(service, builder, first, Place(1, path))
    second = builder.commit({b"b/f": b"2", b"gone/f": None})
    searches.clear()

    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        service.refresh(repository, 1, second, seconds=60)
        service.refresh(repository, 1, second, seconds=60)

    assert searches == [(b"", 2, None), (b"a", 1, first)]
    assert service.find(Place(1, b"a"), second) is not None


def test_the_list_of_folders_is_bounded(service: LastChanges, builder: RepositoryBuilder) -> None:
    count = RECENT_FOLDERS + 8
    tip = builder.commit({b"d%d/f" % number: b"1" for number in range(count)})
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        for number in range(count):
            service.read(repository, Place(1, b"d%d" % number), tip)

    recent = service._recent(1)

    assert [path for path, _, _ in recent] == [b"d%d" % number for number in range(count - 1, 7, -1)]


@pytest.mark.parametrize("kind", Kind)
def test_after_a_push_the_answers_are_ready(application: Application, kind: Kind) -> None:
    builder = make_builder(kind, application.settings.repository_folder / "r")
    with writing(application) as services:
        row = services.repositories.insert(COMMAND_LINE, kind=kind, path="r", folder="r", owner_id=None, private=False)
    repository_id = row.repository_id
    settle(application, repository_id)
    tip = builder.commit({b"a": b"1"})

    settle(application, repository_id)

    job = FindLastChanges(repository_id)
    assert [stored.arguments for stored in stored_jobs(application, FindLastChanges)] == [job.arguments]
    HANDLERS[FindLastChanges](application, job, JobContext(application, 1))
    found = application.last_changes.find(Place(repository_id, b""), tip)
    assert found is not None
    assert found[b"a"].commit_id == tip
    assert found[b"a"].when.tzinfo is not datetime.UTC


def test_a_repository_that_is_empty_or_gone_needs_nothing(application: Application) -> None:
    make_builder(Kind.GIT, application.settings.repository_folder / "r")
    with writing(application) as services:
        row = services.repositories.insert(
            COMMAND_LINE, kind=Kind.GIT, path="r", folder="r", owner_id=None, private=False
        )
    refresh_last_changes(application, row.repository_id)
    refresh_last_changes(application, row.repository_id + 1)
