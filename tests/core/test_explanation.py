"""Why somebody has a level: what is said is what the decision itself says, also after a change."""

from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given

from kallithea.core.access import (
    SIGNED_IN,
    VISITORS,
    Grants,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    Tree,
    UserGroupNode,
    Viewer,
)
from kallithea.core.explanation import (
    USER_GROUPS,
    Effect,
    Explanation,
    PlaceKind,
    Question,
    Source,
    SourceKind,
    explain,
)
from tests.factories.worlds import ADA, BOB, SUBJECTS, World, naive_level, viewers, worlds

OWN, TEAM, CREW = SUBJECTS["ada"], SUBJECTS["team"], SUBJECTS["crew"]
Node = TypeVar("Node", GroupNode, RepositoryNode, UserGroupNode)
NOTHING: Grants = {}
EVERYTHING = frozenset({OWN, TEAM, CREW, SIGNED_IN, VISITORS})


def ask(
    *,
    repo: Grants = NOTHING,
    inner: Grants = NOTHING,
    site: Grants = NOTHING,
    private: bool = False,
    owner: int | None = None,
    super_administrator: bool = False,
) -> Explanation:
    """About a repository in a group, by Ada."""
    groups = (GroupNode(1, None, None, inner),)
    node = RepositoryNode(1, 1, owner, private, repo)
    return explain(Question(Viewer(ADA, EVERYTHING, super_administrator), groups, site, node))


def told(explanation: Explanation) -> list[tuple[str, str, str, str]]:
    """Where, what, what becomes of it, and what would be without it."""
    return [
        (source.place.kind.value, source.level.word, source.effect.value, source.without.word)
        for source in explanation.sources
    ]


def test_the_nearest_grant_counts_and_overrules_the_others() -> None:
    found = ask(repo={OWN: Level.READ}, inner={OWN: Level.WRITE}, site={OWN: Level.NONE})
    assert found.level is Level.READ
    assert told(found) == [
        ("repository", "read", "decides", "write"),
        ("group", "write", "overruled", "read"),
        ("site", "none", "overruled", "read"),
    ]


def test_the_highest_of_several_subjects_decides() -> None:
    found = ask(repo={OWN: Level.READ, TEAM: Level.WRITE}, inner={CREW: Level.WRITE})
    assert [(source.effect, source.without) for source in found.sources] == [
        (Effect.LOWER, Level.WRITE),
        (Effect.DECIDES, Level.WRITE),
        (Effect.DECIDES, Level.WRITE),
    ]


def test_a_private_repository_ignores_what_is_granted_to_everybody() -> None:
    found = ask(repo={SIGNED_IN: Level.WRITE}, site={VISITORS: Level.READ}, private=True)
    assert found.level is Level.NONE
    assert {source.effect for source in found.sources} == {Effect.PRIVATE}


def test_admin_on_a_group_reaches_below_whatever_is_nearer() -> None:
    found = ask(repo={TEAM: Level.NONE}, inner={TEAM: Level.ADMIN})
    nearer, group = found.sources
    assert (nearer.effect, group.effect, group.reaches) == (Effect.LOWER, Effect.DECIDES, True)
    assert (nearer.without, group.without) == (Level.ADMIN, Level.NONE)


def test_owner_and_super_administrator_are_sources() -> None:
    found = ask(owner=ADA, super_administrator=True)
    kinds = [source.kind for source in found.sources]
    assert kinds == [SourceKind.SUPER_ADMINISTRATOR, SourceKind.OWNER]
    assert [source.without for source in found.sources] == [Level.ADMIN, Level.ADMIN]
    assert ask(owner=BOB).sources == ()


def test_memberships_say_what_leaving_would_mean() -> None:
    found = ask(repo={TEAM: Level.WRITE, SIGNED_IN: Level.READ}, site={VISITORS: Level.READ})
    assert [(one.subject, one.without) for one in found.memberships] == [
        (TEAM, Level.READ),
        (VISITORS, Level.WRITE),
    ]


def test_a_token_bounds_what_the_account_has() -> None:
    node = RepositoryNode(1, None, ADA, private=False)
    found = explain(Question(Viewer(ADA, EVERYTHING, ceiling=Level.READ), (), {}, node))
    assert (found.level, found.unbounded) == (Level.READ, Level.ADMIN)


@pytest.mark.parametrize("groups", [(), (GroupNode(1, 2, ADA, {OWN: Level.ADMIN}),)])
def test_a_group_that_does_not_lead_to_the_top_gives_nothing(groups: tuple[GroupNode, ...]) -> None:
    question = Question(Viewer(ADA, EVERYTHING), groups, {OWN: Level.WRITE}, group_id=1)
    assert (question.level(), explain(question).sources) == (Level.NONE, ())


@given(worlds(), viewers)
def test_the_level_is_that_of_the_decision(world: World, viewer: Viewer) -> None:
    tree = Tree(viewer, world.groups, world.site)
    for question in questions(world, viewer):
        found = explain(question)
        if question.repository is None and question.user_group is None:
            assert found.level == tree.group_level(question.group_id)
        else:
            assert found.level == level_in(world, viewer, question)


@given(worlds(), viewers)
def test_what_decides_gives_the_level_and_what_counts_gives_no_more(world: World, viewer: Viewer) -> None:
    for question in questions(world, viewer):
        found = explain(question)
        counted = [source for source in found.sources if source.effect in (Effect.DECIDES, Effect.LOWER)]
        assert max((source.level for source in counted), default=Level.NONE) == found.unbounded
        for source in counted:
            assert (source.level == found.unbounded) is (source.effect is Effect.DECIDES)


@given(worlds(), viewers)
def test_without_a_source_the_level_is_what_was_said(world: World, viewer: Viewer) -> None:
    for question in questions(world, viewer):
        for source in explain(question).sources:
            assert level_without(world, viewer, question, source) == source.without
            if source.effect in (Effect.PRIVATE, Effect.OVERRULED):
                assert source.without == question.level()


@given(worlds(), viewers)
def test_without_a_membership_the_level_is_what_was_said(world: World, viewer: Viewer) -> None:
    for question in questions(world, viewer):
        for membership in explain(question).memberships:
            other = replace(viewer, subjects=viewer.subjects - {membership.subject})
            assert level_in(world, other, question) == membership.without


def questions(world: World, viewer: Viewer) -> list[Question]:
    """About everything in the world."""
    return [
        *(Question(viewer, world.groups, world.site, node) for node in world.repositories),
        *(Question(viewer, world.groups, world.site, group_id=group.group_id) for group in world.groups),
        Question(viewer, world.groups, world.site),
        *(Question(viewer, (), world.site, user_group=node, top=USER_GROUPS) for node in _user_groups(world)),
        Question(viewer, (), world.site, top=USER_GROUPS),
    ]


def _user_groups(world: World) -> list[UserGroupNode]:
    """Groups of users with the owners and grants of the repositories."""
    return [UserGroupNode(one.repository_id, one.owner_id, one.grants) for one in world.repositories]


def level_in(world: World, viewer: Viewer, question: Question) -> Level:
    """By the naive reading for repositories; a group is like a repository in it that nothing is granted on.

    A group of users is like a repository at the top.
    """
    if question.user_group is not None:
        group = question.user_group
        return naive_level(world, viewer, RepositoryNode(99, None, group.owner_id, private=False, grants=group.grants))
    node = question.repository or RepositoryNode(99, question.group_id, None, private=False)
    return naive_level(world, viewer, node)


def level_without(world: World, viewer: Viewer, question: Question, source: Source) -> Level:
    """The level after the source has been taken away from the world."""
    if source.kind is SourceKind.SUPER_ADMINISTRATOR:
        return level_in(world, replace(viewer, super_administrator=False), question)
    if source.place == question.top:
        return level_in(replace(world, site=_less(world.site, source)), viewer, question)
    if source.place.kind is PlaceKind.USER_GROUP:
        assert question.user_group is not None
        return level_in(world, viewer, replace(question, user_group=_changed(question.user_group, source)))
    if source.place.kind is PlaceKind.REPOSITORY:
        assert question.repository is not None
        return level_in(world, viewer, replace(question, repository=_changed(question.repository, source)))
    groups = tuple(
        _changed(group, source) if group.group_id == source.place.place_id else group for group in world.groups
    )
    return level_in(replace(world, groups=groups), viewer, question)


def _changed(node: Node, source: Source) -> Node:
    if source.kind is SourceKind.OWNER:
        return replace(node, owner_id=None)
    return replace(node, grants=_less(node.grants, source))


def _less(grants: Grants, source: Source) -> dict[Subject, Level]:
    return {one: level for one, level in grants.items() if one != source.subject}
