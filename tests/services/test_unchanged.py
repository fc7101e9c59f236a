"""What is found again without a statement is what the statement would find."""

import sqlite3
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.settings import Settings
from kallithea.model.engine import FOUND
from kallithea.model.unchanged import find_unchanged
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.work import looking, writing
from tests.factories.people import Factory
from tests.statements import counted

USERS = select(func.count(User.user_id))


def _count(connection: Connection) -> int:
    return find_unchanged(connection, USERS, lambda: connection.execute(USERS).scalar_one())


def _look(application: Application) -> int:
    with looking(application) as connection:
        return _count(connection)


@pytest.mark.parametrize("by_another", [False, True])
def test_each_change_is_seen_by_the_next_unit(
    every_application: Application, make_application: Callable[[Settings], Application], by_another: bool
) -> None:
    changing = Factory(make_application(every_application.settings) if by_another else every_application)
    before, seen = _look(every_application), []
    for _ in range(3):
        changing.user()
        seen += [_look(every_application), _look(every_application)]
    assert seen == [before + 1, before + 1, before + 2, before + 2, before + 3, before + 3]


def test_sqlite_runs_no_statement_again_while_nothing_has_changed(every_application: Application) -> None:
    _look(every_application)
    with counted(every_application.engine, anew=False) as statements:
        _look(every_application)
    assert len(statements) == (0 if every_application.engine.dialect.name == "sqlite" else 1)


def test_the_connection_that_was_used_last_answers_the_next_unit(application: Application) -> None:
    with looking(application), looking(application):
        pass
    _look(application)
    with counted(application.engine, anew=False) as statements:
        _look(application)
    assert statements == []


def test_all_of_a_unit_is_of_one_moment(every_application: Application) -> None:
    with looking(every_application) as connection:
        before = _count(connection)
        Factory(every_application).user()
        assert connection.execute(USERS).scalar_one() == before
        assert find_unchanged(connection, "again", lambda: connection.execute(USERS).scalar_one()) == before


def test_a_unit_that_may_write_sees_what_it_has_written(every_application: Application) -> None:
    before = _look(every_application)
    with writing(every_application) as services:
        connection = services.session.connection()
        assert _count(connection) == before
        services.users.create(COMMAND_LINE, name="ada", password_hash=None)
        assert _count(connection) == before + 1


def test_what_failed_is_tried_again(application: Application) -> None:
    def fail() -> int:
        raise LookupError

    with looking(application) as connection:
        with pytest.raises(LookupError):
            find_unchanged(connection, "key", fail)
        assert find_unchanged(connection, "key", lambda: 1) == 1


def test_no_connection_keeps_more_and_more(application: Application) -> None:
    with looking(application) as connection:
        for number in range(500):
            assert find_unchanged(connection, number, partial(int, number)) == number
        assert len(connection.info[FOUND][1]) <= 200


def test_only_what_may_be_kept_is_found_again(application: Application) -> None:
    with looking(application) as connection:
        asked = [find_unchanged(connection, "key", partial(int, text), keep=bool) for text in ("0", "1", "2")]
    assert asked == [0, 1, 1]


def test_where_sqlite_does_not_tell_the_unit_fails(application: Application) -> None:
    def allow(action: int, *_of_what: str | None) -> int:
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_PRAGMA else sqlite3.SQLITE_OK

    with looking(application) as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_authorizer(allow)
        try:
            with pytest.raises(DBAPIError, match="not authorized"):
                _count(connection)
        finally:
            driver.set_authorizer(None)
