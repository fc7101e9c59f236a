"""Rights out of the database: the same as out of values, in a number of queries that does not grow."""

import contextlib
import dataclasses

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from kallithea.core.access import (
    SIGNED_IN,
    VISITORS,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Viewer,
    Visibility,
)
from kallithea.core.actor import COMMAND_LINE, WORKER
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.model.grant import Grant, group_key, repository_key, subject_key
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user_group import UserGroup
from kallithea.services.application import Application
from kallithea.services.permissions import GrantRow
from kallithea.services.work import reading, writing
from tests.factories.people import Factory, subject
from tests.factories.worlds import World, groups_around, naive_level, store_world, viewers, worlds
from tests.statements import counted


@pytest.fixture
def application(every_application: Application) -> Application:
    """All of this holds on every engine."""
    return every_application


class _UndoneError(Exception):
    """Ends a unit without a commit."""


@hypothesis_settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), viewers)
def test_list_is_what_may_be_read(application: Application, world: World, viewer: Viewer) -> None:
    with contextlib.suppress(_UndoneError), writing(application) as services:
        store_world(services, world)
        expected = {node.repository_id: naive_level(world, viewer, node) for node in world.repositories}
        repositories = services.session.scalars(select(Repository)).all()
        assert {row.repository_id: services.permissions.level(viewer, row) for row in repositories} == expected
        readable = select(Repository.repository_id).where(services.permissions.readable(viewer))
        assert set(services.session.scalars(readable)) == {number for number, level in expected.items() if level}
        # asked again, now that the whole tree is known
        assert {row.repository_id: services.permissions.level(viewer, row) for row in repositories} == expected
        raise _UndoneError


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), viewers)
def test_visibility_is_what_the_built_in_subjects_may_read(
    application: Application, world: World, viewer: Viewer
) -> None:
    with contextlib.suppress(_UndoneError), writing(application) as services:
        store_world(services, world)
        found = services.permissions.visibilities(viewer, world.repositories)
        for node in world.repositories:
            assert found[node.repository_id] is naive_visibility(world, viewer, node)
        for visibility in Visibility:
            having = select(Repository.repository_id).where(services.permissions.has_visibility(viewer, visibility))
            expected_ids = {number for number, one in found.items() if one is visibility}
            assert set(services.session.scalars(having)) == expected_ids
        raise _UndoneError


def signed_in(viewer: Viewer) -> Viewer:
    return dataclasses.replace(viewer, subjects=viewer.subjects | {SIGNED_IN})


def naive_visibility(world: World, viewer: Viewer, node: RepositoryNode) -> Visibility:
    member = naive_level(world, Viewer(None, frozenset({SIGNED_IN})), node)
    visitor = VISITORS in viewer.subjects and naive_level(world, Viewer(None, frozenset({VISITORS})), node)
    return Visibility.PUBLIC if visitor else Visibility.INTERNAL if member else Visibility.PRIVATE


@hypothesis_settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), viewers.map(signed_in) | st.just(Viewer(None, frozenset({VISITORS}), ceiling=Level.READ)))
def test_access_by_path_is_the_same_without_the_tree(application: Application, world: World, viewer: Viewer) -> None:
    with contextlib.suppress(_UndoneError), writing(application) as services:
        store_world(services, world)
        for node in world.repositories:
            around = [(group.group_id, group.parent_id, group.owner_id) for group in groups_around(world, node)]
            asked = dataclasses.replace(node, grants={})
            level, visibility = services.permissions.access_at(viewer, asked, around, len(around) + 1)
            assert level is naive_level(world, viewer, node)
            # of what may not be read nobody asks it
            assert level < Level.READ or visibility is naive_visibility(world, viewer, node)
        raise _UndoneError


def test_visibilities_take_no_query_beside_the_tree(application: Application) -> None:
    people = Factory(application)
    people.admit_visitors()
    ada = people.user("ada")
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.find_by_id(ada.user_id))
        services.permissions.tree(viewer)
        with counted(application.engine) as statements:
            services.permissions.visibilities(viewer, ())
    assert len(statements) == 0


def test_subjects_of_a_user(application: Application) -> None:
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    team, resting, other = people.user_group(ada), people.user_group(ada), people.user_group(bob)
    _set_active(application, resting, active=False)
    assert people.viewer(ada).subjects == {SIGNED_IN, subject(ada), subject(team)}
    people.admit_visitors()
    assert people.viewer(ada).subjects == {SIGNED_IN, VISITORS, subject(ada), subject(team)}
    assert people.viewer(bob).subjects == {SIGNED_IN, VISITORS, subject(bob), subject(other)}
    assert people.viewer(None) == Viewer(None, frozenset({VISITORS}), ceiling=Level.READ)


def test_nobody_counts_while_the_site_admits_no_visitors(application: Application) -> None:
    assert Factory(application).viewer(None) == Viewer(None, frozenset(), ceiling=Level.READ)


def test_disabled_user_is_nobody(application: Application) -> None:
    people = Factory(application)
    root = people.user("root", super_administrator=True)
    people.user_group(root)
    people.user("other", super_administrator=True)
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("root"))
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get("root"))
    assert viewer == Viewer(None, frozenset(), ceiling=Level.READ)


def test_ceiling_is_the_viewers(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    tool = people.repository("tool", owner=ada)
    viewer = people.viewer(ada, ceiling=Level.READ)
    with reading(application) as services:
        assert services.permissions.level(viewer, tool) is Level.READ


def test_what_may_not_be_read_is_not_found(application: Application) -> None:
    people = Factory(application)
    hidden = people.repository("hidden")
    viewer = people.viewer(people.user())
    with reading(application) as services, pytest.raises(NotFoundError) as caught:
        services.permissions.require(viewer, hidden, Level.WRITE)
    assert "hidden" not in str(caught.value)


def test_what_may_only_be_read_is_forbidden_to_write(application: Application) -> None:
    people = Factory(application)
    tool = people.repository("tool")
    people.grant(SIGNED_IN, Level.READ)
    viewer = people.viewer(people.user())
    with reading(application) as services:
        services.permissions.require(viewer, tool, Level.READ)
        with pytest.raises(ForbiddenError, match="needs the right to write tool; yours is to read"):
            services.permissions.require(viewer, tool, Level.WRITE)


def test_level_on_groups(application: Application) -> None:
    people = Factory(application)
    outer, inner = people.group("outer"), people.group("outer/inner")
    people.grant(SIGNED_IN, Level.READ, on=outer)
    people.grant(SIGNED_IN, Level.WRITE, on=inner)
    viewer = people.viewer(people.user())
    with reading(application) as services:
        levels = [
            services.permissions.group_level(viewer, group_id)
            for group_id in (None, outer.repository_group_id, inner.repository_group_id)
        ]
        assert levels == [Level.NONE, Level.READ, Level.WRITE]
        services.permissions.require_group(viewer, inner.repository_group_id, Level.WRITE)
        with pytest.raises(ForbiddenError):
            services.permissions.require_group(viewer, outer.repository_group_id, Level.WRITE)


def test_grants_can_be_set_changed_and_taken_away(application: Application) -> None:
    people = Factory(application)
    ada, tool = people.user("ada"), people.repository("tool")
    for level in (Level.READ, Level.ADMIN, Level.NONE):
        people.grant(ada, level, on=tool)
        assert people.level(ada, tool) is level
    people.grant(ada, None, on=tool)
    people.grant(ada, None, on=tool)
    with reading(application) as services:
        assert services.permissions.list_(tool) == ()


def test_grants_are_listed_with_names(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    team, tools = people.user_group(ada, name="team"), people.group("tools")
    people.grant(VISITORS, Level.NONE, on=tools)
    people.grant(team, Level.WRITE, on=tools)
    people.grant(ada, Level.ADMIN, on=tools)
    with reading(application) as services:
        assert services.permissions.list_(tools) == (
            GrantRow(VISITORS, "visitors", Level.NONE),
            GrantRow(subject(team), "team", Level.WRITE),
            GrantRow(subject(ada), "ada", Level.ADMIN),
        )
        assert services.permissions.list_(None) == ()


def test_change_of_rights_is_audited(application: Application) -> None:
    people = Factory(application)
    people.grant(SIGNED_IN, Level.READ)
    people.grant(SIGNED_IN, None)
    with reading(application) as services:
        last, first = services.audit.list_(limit=2)
        assert (first.action, first.target, first.after) == ("permission.set", "site", '{"signed-in": "read"}')
        assert (last.before, last.after) == ('{"signed-in": "read"}', '{"signed-in": null}')


def test_visitors_get_read_at_most(application: Application) -> None:
    for level in (Level.WRITE, Level.ADMIN):
        with writing(application) as services, pytest.raises(InvalidError, match="level"):
            services.permissions.set_(COMMAND_LINE, None, VISITORS, level)
    with reading(application) as services:
        assert services.permissions.list_(None) == ()
        assert not services.audit.list_()


def test_whoever_is_not_signed_in_reads_at_most_whatever_is_stored(application: Application) -> None:
    people = Factory(application)
    people.admit_visitors()
    tool = people.repository("tool")
    with writing(application) as services:
        number = tool.repository_id
        stored = Grant(subject_key="visitors", target_key=repository_key(number), repository_id=number, level=3)
        services.session.add(stored)
    with reading(application) as services:
        assert services.permissions.level(services.permissions.viewer_for(None), tool) is Level.READ


def test_change_counts_at_once_in_the_same_unit(application: Application) -> None:
    people = Factory(application)
    ada, tool = people.user("ada"), people.repository("tool")
    with writing(application) as services:
        viewer = services.permissions.viewer_for(ada)
        services.permissions.tree(viewer)
        services.permissions.set_(WORKER, tool, subject(ada), Level.WRITE)
        assert services.permissions.level(viewer, tool) is Level.WRITE


def test_grant_to_a_user_who_does_not_exist_is_a_conflict(application: Application) -> None:
    tool = Factory(application).repository("tool")
    with writing(application) as services, pytest.raises(ConflictError, match="deleted"):
        services.permissions.set_(COMMAND_LINE, tool, Subject(SubjectKind.USER, 404), Level.READ)


@pytest.mark.parametrize("depth", [1, 12])
def test_rights_on_one_repository_take_three_queries(application: Application, depth: int) -> None:
    people = Factory(application)
    ada = people.user("ada")
    path = "/".join(["group"] * depth)
    for end in range(1, depth + 1):
        people.group("/".join(["group"] * end))
    tool = people.repository(f"{path}/tool")
    people.grant(people.user_group(ada), Level.WRITE, on=tool)
    with reading(application) as services, counted(application.engine) as statements:
        viewer = services.permissions.viewer_for(ada)
        assert services.permissions.level(viewer, tool) is Level.WRITE
    assert len(statements) == 3


def test_rights_of_a_whole_page_take_three_queries(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    tools = people.group("tools")
    hammer = people.repository("tools/hammer", owner=ada)
    with reading(application) as services, counted(application.engine) as statements:
        viewer = services.permissions.viewer_for(ada)
        for _ in range(3):
            services.permissions.readable(viewer)
            services.permissions.group_level(viewer, tools.repository_group_id)
            services.permissions.level(viewer, hammer)
    assert len(statements) == 3


def test_many_thousand_groups_and_exceptions(application: Application) -> None:
    """Half of the groups are readable, and in each kind every second repository is an exception."""
    count = 6000
    with writing(application) as services:
        session = services.session
        session.add_all(
            RepositoryGroup(repository_group_id=number, created=services.now) for number in range(1, count + 1)
        )
        session.flush()
        session.add_all(
            Repository(
                repository_id=number,
                kind="git",
                group_id=number,
                folder=str(number),
                created=services.now,
                updated=services.now,
            )
            for number in range(1, count + 1)
        )
        session.flush()
        for number in range(1, count + 1):
            key = subject_key(SIGNED_IN)
            if number % 2:
                session.add(
                    Grant(subject_key=key, target_key=group_key(number), level=Level.READ, repository_group_id=number)
                )
            if number % 4 < 2:
                level = Level.NONE if number % 2 else Level.READ
                session.add(
                    Grant(subject_key=key, target_key=repository_key(number), level=level, repository_id=number)
                )
    viewer = Viewer(1, frozenset({SIGNED_IN}))
    with reading(application) as services, counted(application.engine) as statements:
        readable = select(Repository.repository_id).where(services.permissions.readable(viewer))
        found = set(services.session.scalars(readable))
    assert found == {number for number in range(1, count + 1) if number % 4 in (0, 3)}
    assert len(statements) == 3


def _set_active(application: Application, group: UserGroup, *, active: bool) -> None:
    with writing(application) as services:
        services.session.get_one(UserGroup, group.user_group_id).active = active
