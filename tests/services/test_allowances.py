"""What people may make on the whole site, as it is stored, and what it opens and closes."""

import pytest

from kallithea.core.access import SIGNED_IN, VISITORS, Level, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.repository_creation import create_repository, require_room
from kallithea.services.repository_group_settings import GroupChange
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.people import Factory, subject
from tests.statements import counted

REPOSITORIES, GROUPS = Allowance.CREATE_REPOSITORIES, Allowance.CREATE_REPOSITORY_GROUPS


@pytest.fixture
def people(every_application: Application) -> Factory:
    return Factory(every_application)


def give(people: Factory, to: object, *allowances: Allowance) -> None:
    with writing(people.application) as services:
        services.allowances.replace_(COMMAND_LINE, subject(to), None, allowances)  # type: ignore[arg-type]


def can(people: Factory, user: User | None) -> set[Allowance]:
    viewer = people.viewer(user)
    with reading(people.application) as services:
        return {allowance for allowance in Allowance if services.allowances.can(viewer, allowance)}


def test_at_first_everybody_forks(people: Factory) -> None:
    assert can(people, people.user()) == {Allowance.FORK}
    assert can(people, None) == set()


def test_a_person_has_what_any_of_their_subjects_has(people: Factory) -> None:
    ada, bob = people.user("ada"), people.user("bob")
    crew = people.user_group(ada)
    give(people, SIGNED_IN)
    give(people, crew, REPOSITORIES)
    give(people, ada, GROUPS)
    assert can(people, ada) == {REPOSITORIES, GROUPS}
    assert can(people, bob) == set()
    with writing(people.application) as services:
        services.user_groups.get(crew.name).active = False
    assert can(people, ada) == {GROUPS}


def test_what_belongs_to_the_deleted_goes_with_them(people: Factory) -> None:
    ada, crew = people.user("ada"), people.user_group(name="crew")
    give(people, ada, GROUPS)
    give(people, crew, REPOSITORIES)
    with writing(people.application) as services:
        services.user_groups.delete(COMMAND_LINE, services.user_groups.get("crew"))
        services.user_removal.delete(COMMAND_LINE, services.users.get("ada"), None)
    with reading(people.application) as services:
        assert services.allowances.list_() == ((), 0)


def test_list_names_receivers_in_pages(people: Factory) -> None:
    for name in ("bob", "ada"):
        give(people, people.user(name), GROUPS, REPOSITORIES)
    give(people, people.user_group(name="crew"), GROUPS)
    with reading(people.application) as services:
        rows, total = services.allowances.list_(offset=1, limit=2)
        assert services.allowances.list_(offset=9)[0] == ()
    assert {row.name: set(row.allowances) for row in rows} == {"bob": {GROUPS, REPOSITORIES}, "crew": {GROUPS}}
    assert total == 3


def test_change_is_refused_where_something_else_was_seen(people: Factory) -> None:
    ada = people.user("ada")
    give(people, ada, GROUPS)
    with writing(people.application) as services, pytest.raises(ConflictError, match="changed meanwhile"):
        services.allowances.replace_(COMMAND_LINE, subject(ada), set(), {REPOSITORIES})
    assert GROUPS in can(people, ada)


def test_visitors_are_allowed_nothing(people: Factory) -> None:
    with writing(people.application) as services, pytest.raises(InvalidError):
        services.allowances.replace_(COMMAND_LINE, VISITORS, None, {Allowance.FORK})


def test_changes_are_audited_once(people: Factory) -> None:
    ada, crew = people.user("ada"), people.user_group(name="crew")
    give(people, ada, GROUPS)
    give(people, ada, GROUPS)
    give(people, crew, REPOSITORIES)
    give(people, SIGNED_IN)
    with reading(people.application) as services:
        entries = [entry for entry in services.audit.list_() if entry.action == "permission.allow"]
    assert [(entry.target, entry.before, entry.after) for entry in entries] == [
        ("signed-in", '{"allowed": ["fork"]}', '{"allowed": []}'),
        ("user-group:crew", '{"allowed": []}', '{"allowed": ["create-repositories"]}'),
        ("user:ada", '{"allowed": []}', '{"allowed": ["create-repository-groups"]}'),
    ]


def test_explanation_names_who_allows(people: Factory) -> None:
    ada = people.user("ada")
    crew = people.user_group(ada, name="crew")
    give(people, crew, REPOSITORIES)
    give(people, ada, REPOSITORIES)
    root = people.viewer(people.user("root", super_administrator=True))
    with reading(people.application) as services:
        found = {one.allowance: one for one in services.allowances.explain(people.viewer(ada))}
        of_root = services.allowances.explain(root)
    assert found[REPOSITORIES].givers == ((SubjectKind.USER, ""), (SubjectKind.USER_GROUP, "crew"))
    assert found[Allowance.FORK].givers == ((SubjectKind.SIGNED_IN, ""),)
    assert not found[GROUPS].allowed
    assert all(one.allowed and one.by_level for one in of_root)


def test_answer_takes_one_statement_or_two_and_none_for_who_administers(people: Factory) -> None:
    viewers = [people.viewer(people.user()), people.viewer(people.user(super_administrator=True))]
    counts = []
    for viewer in viewers:
        with reading(people.application) as services, counted(people.application.engine) as statements:
            services.allowances.can(viewer, Allowance.CREATE_USER_GROUPS)
            services.allowances.can(viewer, Allowance.FORK)
            counts.append(len(statements))
            services.allowances.can(viewer, GROUPS)
            counts.append(len(statements))
    assert counts == [1, 2, 0, 0]


@pytest.mark.parametrize("kind", Kind)
def test_repositories_at_the_top_are_made_by_who_may(people: Factory, kind: Kind) -> None:
    ada = people.user("ada")
    asked = {"kind": kind, "path": "hammer", "owner_id": ada.user_id}
    with pytest.raises(ForbiddenError, match="at the top of the site"):
        create_repository(people.application, COMMAND_LINE, people.viewer(ada), **asked)  # type: ignore[arg-type]
    give(people, ada, REPOSITORIES)
    assert create_repository(people.application, COMMAND_LINE, people.viewer(ada), **asked)  # type: ignore[arg-type]


def test_allowance_opens_no_group(people: Factory) -> None:
    ada = people.user("ada")
    tools = people.group("tools")
    people.grant(ada, Level.WRITE, on=tools)
    give(people, ada, *Allowance)
    viewer = people.viewer(ada)
    with reading(people.application) as services:
        with pytest.raises(ForbiddenError):
            require_room(services, viewer, "tools/hammer")
        assert services.repository_groups.with_room(viewer) == ("",)


def test_groups_at_the_top_are_made_by_who_may(people: Factory) -> None:
    ada = people.user("ada")
    give(people, ada, REPOSITORIES)
    with writing(people.application) as services, pytest.raises(ForbiddenError, match="create groups at the top"):
        services.repository_groups.create(COMMAND_LINE, people.viewer(ada), path="tools")
    give(people, ada, GROUPS)
    with writing(people.application) as services:
        assert services.repository_groups.create(COMMAND_LINE, people.viewer(ada), path="tools").path == "tools"


def test_moving_to_the_top_is_making_there(people: Factory) -> None:
    ada = people.user("ada")
    people.group("tools", owner=ada)
    inner = people.group("tools/small", owner=ada)
    hammer = people.repository("tools/hammer", owner=ada)
    viewer, change = people.viewer(ada), GroupChange("small", "", "ada", "")
    with writing(people.application) as services:
        with pytest.raises(InvalidError, match="may not make repositories there"):
            services.repository_settings.update(COMMAND_LINE, viewer, hammer.repository_id, RepositoryChange(group=""))
        with pytest.raises(InvalidError, match="may not make groups there"):
            services.repository_group_settings.update(COMMAND_LINE, viewer, inner.repository_group_id, change)
    give(people, ada, REPOSITORIES, GROUPS)
    with writing(people.application) as services:
        services.repository_settings.update(COMMAND_LINE, viewer, hammer.repository_id, RepositoryChange(group=""))
        services.repository_group_settings.update(COMMAND_LINE, viewer, inner.repository_group_id, change)
    with reading(people.application) as services:
        assert services.repositories.find("hammer") is not None
        assert services.repository_groups.find("small") is not None


def test_user_groups_are_made_by_who_may(people: Factory) -> None:
    ada = people.user("ada")
    with writing(people.application) as services, pytest.raises(ForbiddenError, match="create user groups"):
        services.user_groups.create(COMMAND_LINE, people.viewer(ada), name="crew")
    give(people, ada, Allowance.CREATE_USER_GROUPS)
    with writing(people.application) as services:
        assert services.user_groups.create(COMMAND_LINE, people.viewer(ada), name="crew").name == "crew"
