"""Marks of viewed files: set and taken away, and never too many."""

import datetime

import pytest
from sqlalchemy import func, select

from kallithea.core.file_codes import file_code
from kallithea.model.viewed_file import ViewedFile
from kallithea.services import viewed_files
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.factories.people import Factory

COMMIT = "1" * 40
FILES = [file_code(path) for path in (b"a", b"b/\xff", b"c")]


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


@pytest.fixture
def ids(application: Application) -> tuple[int, int]:
    """A user and a repository."""
    people = Factory(application)
    return people.user("ada").user_id, people.repository("r").repository_id


def mark(application: Application, ids: tuple[int, int], code: str) -> None:
    with writing(application) as services:
        services.viewed_files.ensure(*ids, COMMIT, code)


def marks(application: Application, ids: tuple[int, int], commit_id: str = COMMIT) -> set[str]:
    with reading(application) as services:
        return set(services.viewed_files.list_(*ids, commit_id))


def test_marks_are_set_and_taken_away(application: Application, ids: tuple[int, int]) -> None:
    for code in (FILES[0], FILES[1], FILES[1]):
        mark(application, ids, code)
    assert marks(application, ids) == set(FILES[:2])
    assert marks(application, ids, "2" * 40) == set()
    assert marks(application, (ids[0] + 1, ids[1])) == set()
    with writing(application) as services:
        services.viewed_files.delete(*ids, COMMIT, FILES[0])
    assert marks(application, ids) == {FILES[1]}


def test_older_marks_make_room(
    application: Application, clock: Clock, ids: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewed_files, "MOST_MARKS", 2)
    for code in FILES:
        mark(application, ids, code)
        clock.pass_(1)
    assert marks(application, ids) == set(FILES[1:])


def test_marks_go_with_their_time_and_their_repository(
    application: Application, clock: Clock, ids: tuple[int, int]
) -> None:
    mark(application, ids, FILES[0])
    clock.pass_(datetime.timedelta(days=181).total_seconds())
    mark(application, ids, FILES[1])
    clean_up(application)
    assert marks(application, ids) == {FILES[1]}
    with writing(application) as services:
        services.session.delete(services.repositories.get("r"))
    with reading(application) as services:
        assert services.session.scalar(select(func.count()).select_from(ViewedFile)) == 0
