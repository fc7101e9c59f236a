"""Web sessions: an id that nobody can guess or read in the database, ended by time and by sign-out."""

import datetime

from sqlalchemy import func, select

from kallithea.model.user_session import UserSession
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.factories.people import Factory
from tests.statements import counted


def test_session_is_found_with_its_user_in_one_statement(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address="192.0.2.1", client="x" * 1000)
    with reading(application) as services, counted(application.engine) as statements:
        found = services.user_sessions.find(session_id)
        assert found is not None
        assert (found.user.user_id, found.user.name, found.user.viewer.user_id) == (ada.user_id, "ada", ada.user_id)
    assert len(statements) == 1
    with reading(application) as services:
        (row,) = services.user_sessions.list_(ada)
        assert (row.address, len(row.client)) == ("192.0.2.1", 255)


def test_database_does_not_open_a_session(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address="", client="")
    with reading(application) as services:
        digest = services.session.scalars(select(UserSession.digest)).one()
        assert session_id.encode() not in digest
        assert services.user_sessions.find(digest.hex()) is None
        assert services.user_sessions.find("") is None
        assert services.user_sessions.find("\udcff/../\0") is None


def test_ended_session_is_not_found(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    with writing(application) as services:
        first, second, third = (services.user_sessions.create(ada, address="", client="") for _ in range(3))
        services.user_sessions.end(first)
    with writing(application) as services:
        assert services.user_sessions.find(first) is None
        assert len(services.user_sessions.list_(ada)) == 2
        services.user_sessions.end_all(ada.user_id)
        assert [services.user_sessions.find(session_id) for session_id in (second, third)] == [None, None]


def test_session_ends_after_the_timeout_and_use_moves_its_end(application: Application) -> None:
    clock = application.clock = Clock()
    timeout = application.settings.session_timeout
    ada = Factory(application).user("ada")
    with writing(application) as services:
        session_id = services.user_sessions.create(ada, address="", client="")
    clock.pass_(timeout - 1)
    with writing(application) as services:
        found = services.user_sessions.find(session_id)
        assert found is not None
        services.user_sessions.note_use(found.user_session_id, clock.now)
        services.user_sessions.note_use(found.user_session_id, clock.now - datetime.timedelta(days=1))
    clock.pass_(timeout - 1)
    with reading(application) as services:
        assert services.user_sessions.find(session_id) is not None
    clock.pass_(1)
    with writing(application) as services:
        assert services.user_sessions.find(session_id) is None
        assert services.user_sessions.list_(ada) == []
        assert services.session.scalar(select(func.count()).select_from(UserSession)) == 1
