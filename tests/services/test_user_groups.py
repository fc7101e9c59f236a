"""Groups of users and who is in them."""

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.services.application import Application
from kallithea.services.user_groups import UserGroupChange
from kallithea.services.work import reading, writing
from tests.factories.people import Factory


def test_members_come_and_go(application: Application) -> None:
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    people.user_group(bob, ada, name="Team")
    with writing(application) as services:
        team = services.user_groups.get("team")
        assert [user.name for user in services.user_groups.list_members(team)] == ["ada", "bob"]
        services.user_groups.remove(COMMAND_LINE, team, ada)
        assert [user.name for user in services.user_groups.list_members(team)] == ["bob"]
        with pytest.raises(NotFoundError, match="ada is not in Team"):
            services.user_groups.remove(COMMAND_LINE, team, ada)
        with pytest.raises(ConflictError, match="bob is in Team already"):
            services.user_groups.add(COMMAND_LINE, team, bob)


def test_name_is_taken_once(application: Application) -> None:
    Factory(application).user_group(name="Team")
    with writing(application) as services, pytest.raises(ConflictError, match="'TEAM' is not free"):
        services.user_groups.create(COMMAND_LINE, None, name="TEAM")


@pytest.mark.parametrize("name", ["ADA", "visitor", "Command Line", "team"])
def test_name_of_somebody_else_is_refused_like_that_of_a_group(application: Application, name: str) -> None:
    """So that nobody is taken for another one, and nobody learns of groups that are hidden from them."""
    people = Factory(application)
    people.user("ada")
    people.user_group(name="team")
    words = f"The name '{name}' is not free. Choose another one."
    with writing(application) as services:
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew")
        with pytest.raises(ConflictError) as raised:
            services.user_groups.create(COMMAND_LINE, None, name=name)
        assert str(raised.value) == words
        with pytest.raises(ConflictError) as raised:
            services.user_groups.update(COMMAND_LINE, crew, UserGroupChange(name, "", None, active=True))
        assert str(raised.value) == words


def test_wrong_name_is_refused(application: Application) -> None:
    with writing(application) as services, pytest.raises(InvalidError):
        services.user_groups.create(COMMAND_LINE, None, name="a/b")


def test_absent_group(application: Application) -> None:
    with reading(application) as services:
        assert services.user_groups.find("team") is None
        with pytest.raises(NotFoundError, match="There is no user group 'team'"):
            services.user_groups.get("team")
        assert services.user_groups.list_() == []


def test_changes_are_audited(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    team = people.user_group(ada, name="team")
    with writing(application) as services:
        services.user_groups.remove(COMMAND_LINE, team, ada)
    with reading(application) as services:
        found = [(entry.action, entry.target) for entry in services.audit.list_(limit=3)]
    assert found == [(f"user-group.{verb}", "user-group:team") for verb in ("remove", "add", "create")]


def test_disabled_account_becomes_no_owner_and_may_stay_one(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        team = services.user_groups.create(COMMAND_LINE, None, name="team", owner=services.users.get("ada"))
        free = services.user_groups.create(COMMAND_LINE, None, name="free")
        services.users.disable(COMMAND_LINE, ada)
        gone = services.users.get("ada")
        services.user_groups.update(COMMAND_LINE, team, UserGroupChange("team", "x", gone, active=True))
        with pytest.raises(InvalidError, match="the name of an active account; 'ada' is none"):
            services.user_groups.update(COMMAND_LINE, free, UserGroupChange("free", "", gone, active=True))
        with pytest.raises(InvalidError, match="the name of an active account; 'ada' is none"):
            services.user_groups.create(COMMAND_LINE, None, name="new", owner=gone)
