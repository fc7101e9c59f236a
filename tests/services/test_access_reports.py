"""Reports about rights: names, a bounded number of queries, and the whole matrix as the decision itself says it."""

import pytest
from sqlalchemy import select

from kallithea.core.access import SIGNED_IN, VISITORS, Level, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.explanation import Effect, PlaceKind, SourceKind
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.services import access_export
from kallithea.services.access_export import AccessRow, list_access
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from tests.factories.people import Factory
from tests.statements import counted


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


@pytest.fixture
def people(application: Application) -> Factory:
    return Factory(application)


def test_report_names_places_and_groups_of_users(application: Application, people: Factory) -> None:
    ada = people.user("ada")
    devs = people.user_group(ada, name="devs")
    tools = people.group("tools")
    hammer = people.repository("tools/hammer")
    people.grant(devs, Level.WRITE, on=tools)
    people.grant(SIGNED_IN, Level.READ)
    with reading(application) as services:
        report = services.access_reports.explain(ada, hammer)
    assert report.level is Level.WRITE
    assert [(one.place, one.path, one.subject, one.name, one.effect, one.without) for one in report.sources] == [
        (PlaceKind.GROUP, "tools", SubjectKind.USER_GROUP, "devs", Effect.DECIDES, Level.READ),
        (PlaceKind.SITE, "", SubjectKind.SIGNED_IN, "", Effect.LOWER, Level.WRITE),
    ]
    assert [(one.name, one.without) for one in report.memberships] == [("devs", Level.READ)]


def test_owner_of_a_repository_and_of_a_group_are_named(application: Application, people: Factory) -> None:
    ada = people.user("ada")
    people.group("tools", owner=ada)
    hammer = people.repository("tools/hammer", owner=ada, private=True)
    with reading(application) as services:
        report = services.access_reports.explain(ada, hammer)
    assert [(one.kind, one.path) for one in report.sources] == [
        (SourceKind.OWNER, "tools/hammer"),
        (SourceKind.OWNER, "tools"),
    ]


def test_disabled_account_is_a_visitor(application: Application, people: Factory) -> None:
    ada = people.user("ada", super_administrator=True)
    people.user("root", super_administrator=True)
    people.admit_visitors()
    people.grant(VISITORS, Level.READ)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, ada)
        report = services.access_reports.explain(services.users.get("ada"), None)
    assert (report.level, [one.subject for one in report.sources]) == (Level.READ, [SubjectKind.VISITORS])


@pytest.mark.parametrize("depth", [1, 12])
def test_a_report_takes_five_queries(application: Application, people: Factory, depth: int) -> None:
    ada = people.user("ada")
    paths = ["/".join("g" * (number + 1)) for number in range(depth)]
    for path in paths:
        group = people.group(path)
        people.grant(people.user_group(ada), Level.READ, on=group)
        people.grant(ada, Level.WRITE, on=group)
    repository = people.repository(f"{paths[-1]}/r")
    with reading(application) as services, counted(application.engine) as statements:
        assert len(services.access_reports.explain(ada, repository).sources) == 2 * depth
    assert len(statements) <= 5


def test_export_has_a_row_for_each_level(application: Application, people: Factory) -> None:
    ada = people.user("ada")
    people.user("root", super_administrator=True)
    devs = people.user_group(ada, name="devs")
    tools = people.group("tools")
    people.repository("tools/hammer", private=True)
    people.repository("open")
    people.grant(devs, Level.WRITE, on=tools)
    people.admit_visitors()
    people.grant(VISITORS, Level.READ, on=_repository(application, "open"))
    assert list(list_access(application)) == [
        AccessRow("visitors", "repository", "open", False, "read", "visitors on repository"),
        AccessRow("user:ada", "group", "tools", False, "write", "user-group:devs on group:tools"),
        AccessRow("user:ada", "repository", "open", False, "read", "visitors on repository"),
        AccessRow("user:ada", "repository", "tools/hammer", True, "write", "user-group:devs on group:tools"),
        AccessRow("user:ada", "user-groups", "", False, "read", "signed-in on user-groups"),
        AccessRow("user:ada", "user-group", "devs", False, "read", "signed-in on user-groups"),
        AccessRow("user:root", "site", "", False, "admin", "super-administrator"),
        AccessRow("user:root", "group", "tools", False, "admin", "super-administrator"),
        AccessRow("user:root", "repository", "open", False, "admin", "super-administrator"),
        AccessRow("user:root", "repository", "tools/hammer", True, "admin", "super-administrator"),
        AccessRow("user:root", "user-groups", "", False, "admin", "super-administrator"),
        AccessRow("user:root", "user-group", "devs", False, "admin", "super-administrator"),
    ]


def test_export_leaves_out_disabled_accounts_and_inactive_groups(application: Application, people: Factory) -> None:
    ada, bob = people.user("ada"), people.user("bob")
    devs = people.user_group(bob)
    people.grant(devs, Level.READ)
    people.grant(ada, Level.READ)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, ada)
        services.user_groups.get(devs.name).active = False
    assert [row for row in list_access(application) if not row.type.startswith("user-group")] == []


def test_export_says_what_the_decision_says_in_every_batch(
    application: Application, people: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_export, "_USERS", 2)
    monkeypatch.setattr(access_export, "_REPOSITORIES", 3)
    users = [people.user() for _ in range(5)]
    team = people.user_group(*users[:3])
    groups = [people.group("a"), people.group("a/b"), people.group("c", owner=users[4])]
    repositories = [
        people.repository(f"{group.path}/{number}", private=number == 1, owner=users[3] if number == 2 else None)
        for group in groups
        for number in range(3)
    ]
    people.grant(team, Level.WRITE, on=groups[0])
    people.grant(team, Level.NONE, on=groups[1])
    people.grant(SIGNED_IN, Level.READ, on=groups[2])
    people.grant(users[1], Level.ADMIN, on=groups[0])
    people.grant(users[2], Level.READ, on=repositories[3])
    told = {(row.who, row.path): row.level for row in list_access(application) if row.type == "repository"}
    with reading(application) as services:
        for user in services.session.scalars(select(User)):
            viewer = services.permissions.viewer_for(user)
            for repository in services.session.scalars(select(Repository)):
                level = services.permissions.level(viewer, repository)
                assert told.get((f"user:{user.name}", repository.path), "none") == level.word


def _repository(application: Application, path: str) -> Repository:
    with reading(application) as services:
        return services.repositories.get(path)
