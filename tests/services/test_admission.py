"""Admission of git and hg: the same rights as pages have, in few statements, and as they are at this moment."""

import contextlib
import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection

from kallithea.core.access import SIGNED_IN, VISITORS, Level, Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.names import prefixes
from kallithea.core.settings import Settings
from kallithea.model.meta import Table
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.admission import Admission, find_by_id, find_by_path
from kallithea.services.application import Application
from kallithea.services.tokens import find_bearer
from kallithea.services.viewers import find_viewer
from kallithea.services.work import looking, reading, writing
from tests.factories.people import Factory
from tests.factories.worlds import World, naive_level, path_of, store_world, viewers, worlds
from tests.statements import counted

DEEP = "tools/hand/hammer"


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


@pytest.fixture
def people(application: Application) -> Factory:
    """A site with a repository two groups deep, and nobody with any right to it."""
    people = Factory(application)
    people.group("tools")
    people.group("tools/hand")
    people.repository(DEEP)
    return people


class _UndoneError(Exception):
    """Ends a unit without a commit."""


@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), viewers)
def test_rights_are_those_of_the_rules(application: Application, world: World, viewer: Viewer) -> None:
    with contextlib.suppress(_UndoneError), writing(application) as services:
        store_world(services, world)
        connection = services.session.connection()
        for node in world.repositories:
            level = naive_level(world, viewer, node)
            assert _by_path(connection, viewer, path_of(world, node)).level is level
            assert find_by_id(connection, viewer, node.repository_id).level is level
        raise _UndoneError


def test_a_request_with_a_token_takes_two_statements(application: Application, people: Factory) -> None:
    ada = people.user("ada")
    for _ in range(3):
        people.grant(people.user_group(ada), Level.READ)
    with writing(application) as services:
        _, text = services.tokens.create(COMMAND_LINE, ada)
    with looking(application) as connection, counted(application.engine) as statements:
        bearer = find_bearer(connection, text, application.clock())
        assert bearer is not None
        assert _by_path(connection, bearer.viewer, DEEP).level is Level.READ
    assert len(statements) == 2


def test_only_what_lies_at_the_whole_path_is_found(application: Application, people: Factory) -> None:
    people.grant(SIGNED_IN, Level.READ)
    viewer = people.viewer(people.user())
    found = [_find(application, viewer, path).repository for path in (DEEP, DEEP.upper(), f"{DEEP}/x", "tools", "x")]
    assert [one.path if one else None for one in found] == [DEEP, DEEP, None, None, None]


@pytest.mark.parametrize("by_id", [False, True])
def test_hidden_and_absent_take_the_same_statements(application: Application, people: Factory, by_id: bool) -> None:
    hidden = people.repository("tools/hand/saw", private=True)
    viewer, asked = people.viewer(people.user()), []
    for number, path in ((hidden.repository_id, hidden.path), (999_999, "tools/hand/absent")):
        with looking(application) as connection, counted(application.engine) as statements:
            found = find_by_id(connection, viewer, number) if by_id else _by_path(connection, viewer, path)
            assert found.level is Level.NONE
        asked.append(statements)
    assert asked[0] == asked[1]


def test_every_change_is_seen_at_once_by_another_process(
    application: Application,
    people: Factory,
    make_application: Callable[[Settings], Application],
) -> None:
    other = make_application(application.settings)
    ada = people.user("ada")
    team = people.user_group(ada)
    with writing(application) as services:
        token, text = services.tokens.create(COMMAND_LINE, ada)

    def level() -> Level | None:
        with looking(other) as connection:
            bearer = find_bearer(connection, text, other.clock())
            return None if bearer is None else _by_path(connection, bearer.viewer, DEEP).level

    seen = [level()]

    def change(make: Callable[[], object]) -> None:
        make()
        seen.append(level())

    change(lambda: people.grant(team, Level.WRITE))
    change(lambda: _set(application, UserGroup, team.user_group_id, active=False))
    change(lambda: _set(application, UserGroup, team.user_group_id, active=True))
    change(lambda: people.grant(team, Level.NONE, on=_group(application, "tools")))
    change(lambda: _set(application, Repository, _id(application), owner_id=ada.user_id))
    change(lambda: _set(application, Repository, _id(application), owner_id=None))
    change(lambda: people.grant(VISITORS, Level.READ, on=_group(application, "tools/hand")))
    change(people.admit_visitors)
    change(lambda: _set(application, Repository, _id(application), private=True))
    change(lambda: _revoke(application, ada.user_id, token.token_id))
    none, read, write, _admin = Level
    assert seen == [none, write, none, write, none, write, none, none, read, none, None]


@pytest.mark.parametrize("signed_in", [False, True])
def test_somebody_without_a_token_is_looked_up_too(application: Application, people: Factory, signed_in: bool) -> None:
    ada = people.user("ada")
    people.admit_visitors()
    people.grant(VISITORS, Level.READ)
    with looking(application) as connection:
        viewer = find_viewer(connection, ada.user_id if signed_in else None, ceiling=Level.READ)
    assert viewer == dataclasses.replace(people.viewer(ada if signed_in else None), ceiling=Level.READ)
    assert _find(application, viewer, DEEP).level is Level.READ


def _by_path(connection: Connection, viewer: Viewer, path: str) -> Admission:
    return find_by_path(connection, viewer, prefixes(path), path.count("/") + 1)


def _find(application: Application, viewer: Viewer, path: str) -> Admission:
    with looking(application) as connection:
        return _by_path(connection, viewer, path)


def _group(application: Application, path: str) -> RepositoryGroup:
    with reading(application) as services:
        return services.repository_groups.get(path)


def _id(application: Application) -> int:
    with reading(application) as services:
        return services.repositories.get(DEEP).repository_id


def _set(application: Application, table: type[Table], row_id: int, **values: object) -> None:
    with writing(application) as services:
        row = services.session.get_one(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def _revoke(application: Application, user_id: int, token_id: int) -> None:
    with writing(application) as services:
        user = services.session.get_one(User, user_id)
        services.tokens.revoke(COMMAND_LINE, services.tokens.get(user, token_id))
