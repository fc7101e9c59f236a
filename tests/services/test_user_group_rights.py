"""Rights on groups of users: what lists ask the database for is what the decision says, whatever is granted."""

import itertools

import pytest
from sqlalchemy import select

from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ForbiddenError, InvalidError, NotFoundError
from kallithea.core.explanation import PlaceKind
from kallithea.model.user_group import UserGroup
from kallithea.services.access_export import list_access
from kallithea.services.application import Application
from kallithea.services.permissions import ALL_USER_GROUPS, Target
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


def grant(application: Application, target: Target, subject: Subject, level: Level | None) -> None:
    with writing(application) as services:
        services.permissions.set_(COMMAND_LINE, target, subject, level)


def user_subject(user_id: int) -> Subject:
    return Subject(SubjectKind.USER, user_id)


def test_all_accounts_know_of_all_groups_at_first(application: Application, people: Factory) -> None:
    ada, team = people.user("ada"), people.user_group(name="team")
    with reading(application) as services:
        rights = services.user_group_rights
        assert rights.load(services.permissions.viewer_for(ada)).level(team.user_group_id, None) is Level.READ
        assert rights.load(services.permissions.viewer_for(None)).level(team.user_group_id, None) is Level.NONE


def test_lists_hold_what_the_decision_says(application: Application, people: Factory) -> None:
    ada, bob = people.user("ada"), people.user("bob", super_administrator=True)
    crew = people.user_group(ada, name="crew")
    own, crews = user_subject(ada.user_id), Subject(SubjectKind.USER_GROUP, crew.user_group_id)
    for number, pair in enumerate(itertools.product((None, *Level), repeat=2)):
        group = people.user_group(name=f"g{number}")
        for subject, level in zip((own, crews), pair, strict=True):
            if level is not None:
                grant(application, group, subject, level)
    with writing(application) as services:
        services.user_groups.get("g3").owner_id = ada.user_id
    for on_all in (None, *Level):
        grant(application, ALL_USER_GROUPS, SIGNED_IN, on_all)
        with reading(application) as services:
            groups = services.session.scalars(select(UserGroup)).all()
            for user in (ada, bob, None):
                for ceiling in (Level.READ, Level.ADMIN):
                    rights = services.user_group_rights.load(services.permissions.viewer_for(user, ceiling=ceiling))
                    for level in list(Level)[1:]:
                        found = set(services.session.scalars(select(UserGroup.name).where(rights.has(level))))
                        decided = {one.name for one in groups if rights.level(one.user_group_id, one.owner_id) >= level}
                        assert found == decided


def test_whoever_lacks_the_level_is_refused(application: Application, people: Factory) -> None:
    ada, team, hidden = people.user("ada"), people.user_group(name="team"), people.user_group(name="hidden")
    grant(application, team, user_subject(ada.user_id), Level.WRITE)
    grant(application, hidden, SIGNED_IN, Level.NONE)
    with reading(application) as services:
        viewer, rights = services.permissions.viewer_for(ada), services.user_group_rights
        assert rights.require(viewer, team, Level.WRITE) is team
        with pytest.raises(ForbiddenError, match="needs the right to admin here; yours is write"):
            rights.require(viewer, team, Level.ADMIN)
        with pytest.raises(ForbiddenError):
            rights.require_all(viewer, Level.ADMIN)
        for absent in (hidden, None):
            with counted(application.engine) as statements, pytest.raises(NotFoundError):
                rights.require(viewer, absent, Level.READ)
            assert len(statements) == 1


def test_visitors_are_given_nothing(application: Application, people: Factory) -> None:
    team = people.user_group()
    for target in (team, ALL_USER_GROUPS):
        with pytest.raises(InvalidError, match="visitors know of no user groups"):
            grant(application, target, VISITORS, Level.READ)


def test_it_is_explained_and_exported(application: Application, people: Factory) -> None:
    ada, team = people.user("ada"), people.user_group(name="team")
    crew = people.user_group(ada, name="crew")
    grant(application, team, Subject(SubjectKind.USER_GROUP, crew.user_group_id), Level.ADMIN)
    with reading(application) as services:
        report = services.access_reports.explain(ada, team)
    assert [(one.place, one.path, one.name, one.level, one.without) for one in report.sources] == [
        (PlaceKind.USER_GROUP, "team", "crew", Level.ADMIN, Level.READ),
        (PlaceKind.USER_GROUPS, "", "", Level.READ, Level.ADMIN),
    ]
    assert [(row.type, row.path, row.level, row.because) for row in list_access(application)] == [
        ("user-groups", "", "read", "signed-in on user-groups"),
        ("user-group", "crew", "read", "signed-in on user-groups"),
        ("user-group", "team", "admin", "user-group:crew on user-group"),
    ]


def test_grants_end_with_the_group_that_they_are_on(application: Application, people: Factory) -> None:
    ada, team = people.user("ada"), people.user_group(name="team")
    grant(application, team, user_subject(ada.user_id), Level.ADMIN)
    with writing(application) as services:
        services.user_groups.delete(COMMAND_LINE, services.user_groups.get("team"))
        deleted = services.audit.list_(limit=1)[0]
    assert deleted.before is not None
    assert '"grants_on_it": {"user:ada": "admin"}' in deleted.before
    assert people.user_group(name="team").user_group_id != team.user_group_id


def test_they_give_nothing_on_repositories(application: Application, people: Factory) -> None:
    """Though they lie in one table: what is granted on all groups of users is not granted on the site."""
    ada = people.user("ada")
    repository = people.repository("r")
    grant(application, ALL_USER_GROUPS, user_subject(ada.user_id), Level.ADMIN)
    with reading(application) as services:
        viewer = services.permissions.viewer_for(ada)
        assert services.permissions.level(viewer, repository) is Level.NONE
        assert services.permissions.group_level(viewer, None) is Level.NONE
        services.permissions.tree(viewer)
        assert services.permissions.group_level(viewer, None) is Level.NONE
