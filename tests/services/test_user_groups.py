"""Groups of users and who is in them."""

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.services.application import Application
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
    with writing(application) as services, pytest.raises(ConflictError, match="a user group 'TEAM' already"):
        services.user_groups.create(COMMAND_LINE, None, name="TEAM")


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
