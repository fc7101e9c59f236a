"""Rights: a table of cases to read, and the decision against a second, naive reading of the same rules."""

import pytest
from hypothesis import given

from kallithea.core.access import SIGNED_IN, VISITORS, GroupNode, Level, RepositoryNode, Subject, Tree, Viewer
from kallithea.core.readable import read_rule
from tests.factories.worlds import ADA, BOB, SUBJECTS, World, levels, naive_level, viewers, worlds

# Ada is in the team and in the crew. Where the site does not admit visitors, nobody has the subject of visitors.
VIEWERS = {
    "ada": Viewer(ADA, frozenset(SUBJECTS.values()) - {SUBJECTS["bob"]}),
    "ada, no visitors": Viewer(ADA, frozenset(SUBJECTS.values()) - {SUBJECTS["bob"], VISITORS}),
    "bob": Viewer(BOB, frozenset({SUBJECTS["bob"], SIGNED_IN, VISITORS})),
    "visitor": Viewer(None, frozenset({VISITORS})),
    "visitor, no visitors": Viewer(None, frozenset()),
    "super": Viewer(9, frozenset({SIGNED_IN}), super_administrator=True),
    "ada's token to read": Viewer(ADA, frozenset({SUBJECTS["ada"]}), ceiling=Level.READ),
    "ada's token to administer": Viewer(ADA, frozenset({SUBJECTS["ada"]}), ceiling=Level.ADMIN),
    "super's token to read": Viewer(9, frozenset(), super_administrator=True, ceiling=Level.READ),
    "ada's token for another": Viewer(ADA, frozenset(SUBJECTS.values()), only=frozenset({99})),
    "token for nothing here": Viewer(9, frozenset(), super_administrator=True, ceiling=Level.NONE),
}

# The repository lies in the group "inner", which lies in the group "outer". Each line: who asks, their level on the
# repository, and what is granted, from the site inwards.
CASES = """
# nothing is granted
ada                       | none  |
visitor                   | none  |
# the site's grants apply to everything
ada                       | read  | site: signed-in=read
# visitors have no account
visitor                   | none  | site: signed-in=read
visitor                   | read  | site: visitors=read
# visitors count for everybody
ada                       | read  | site: visitors=read
# unless the site does not admit them
ada, no visitors          | none  | site: visitors=read
visitor, no visitors      | none  | site: visitors=read
# a group's grants reach down
ada                       | read  | outer: ada=read
# but to nobody else
bob                       | none  | outer: ada=read
# through a group of users
ada                       | write | inner: team=write
ada                       | write | repo: ada=write
# the nearest counts
ada                       | write | outer: ada=read, inner: ada=write
# the nearest counts, though it is less
ada                       | read  | outer: ada=write, inner: ada=read
# none is a level like the others
ada                       | none  | outer: ada=write, repo: ada=none
# a closed group under a readable root
ada                       | none  | site: signed-in=read, inner: signed-in=none
# and an open repository in it
ada                       | read  | site: signed-in=read, inner: signed-in=none, repo: signed-in=read
bob                       | none  | site: signed-in=write, outer: signed-in=none
# own none does not beat a group's write
ada                       | write | inner: team=write, repo: ada=none
# the maximum, however far off it is granted
ada                       | write | outer: team=write, inner: ada=read
# the maximum over the groups of users
ada                       | write | inner: team=read, repo: crew=write
# each subject has its own nearest grant
ada                       | read  | inner: team=write, repo: team=none crew=read
# one built-in subject does not close the other
ada                       | write | site: visitors=write, repo: signed-in=none
# private drops the built-in subjects
ada                       | none  | site: signed-in=write, repo: private
visitor                   | none  | site: visitors=read, repo: private
# even where they are granted on it
ada                       | none  | repo: private signed-in=write
# private drops nobody who is named
ada                       | write | repo: private team=write
ada                       | read  | outer: team=read, repo: private signed-in=write
bob                       | admin | outer: signed-in=admin
# built-in administrators are dropped as well
bob                       | none  | outer: signed-in=admin, repo: private
# an administrator of a group is not closed out
bob                       | admin | outer: signed-in=admin, repo: bob=none signed-in=none
# admin on a group holds for all below it
ada                       | admin | outer: ada=admin, inner: ada=none
ada                       | admin | outer: ada=admin, repo: ada=none private
ada                       | admin | outer: ada=read, inner: ada=admin, repo: ada=read
bob                       | admin | outer: signed-in=admin, inner: signed-in=none
bob                       | none  | outer: signed-in=admin, inner: signed-in=none, repo: private
# also through a group of users
ada                       | admin | outer: team=admin, inner: team=none
# the site is the outermost group
ada                       | admin | site: ada=admin, inner: ada=none
ada                       | none  | site: signed-in=admin, repo: private
ada                       | admin | repo: ada=admin
# who owns a group has admin on all below it
ada                       | admin | outer: owner=ada, repo: ada=none private
bob                       | none  | inner: owner=ada
# who owns the repository has admin
ada                       | admin | repo: owner=ada private ada=none
bob                       | none  | repo: owner=ada private
super                     | admin |
# is never closed out
super                     | admin | outer: signed-in=none, repo: private signed-in=none
# a token bounds what its user has
ada's token to read       | read  | repo: owner=ada
# and gives nothing of its own
ada's token to read       | none  | outer: ada=none
ada's token to administer | write | repo: ada=write
ada's token to read       | read  | outer: ada=admin
super's token to read     | read  |
token for nothing here    | none  |
"""


@pytest.mark.parametrize("case", [line for line in CASES.strip().splitlines() if not line.startswith("#")])
def test_level_on_repository(case: str) -> None:
    viewer, level, grants = (cell.strip() for cell in case.split("|"))
    world = _world(grants)
    found = Tree(VIEWERS[viewer], world.groups, world.site).repository_level(world.repositories[0])
    assert found.word == level


def test_level_on_group_takes_no_grants_of_repositories() -> None:
    world = _world("outer: ada=read, inner: team=write, repo: ada=admin")
    tree = Tree(VIEWERS["ada"], world.groups, world.site)
    assert [tree.group_level(group_id) for group_id in (None, 1, 2)] == [Level.NONE, Level.READ, Level.WRITE]


def test_group_that_is_not_known_gives_nothing() -> None:
    tree = Tree(VIEWERS["ada"], [], {SIGNED_IN: Level.WRITE})
    assert tree.repository_level(RepositoryNode(1, 404, None, private=False)) is Level.NONE


def test_groups_that_lie_in_each_other_give_nothing() -> None:
    groups = [GroupNode(1, 2, None, {SIGNED_IN: Level.WRITE}), GroupNode(2, 1, None)]
    tree = Tree(VIEWERS["ada"], groups, {SIGNED_IN: Level.WRITE})
    assert tree.group_level(1) is Level.NONE
    assert tree.parent_ids(1) == [2, 1]


def test_deep_tree_is_no_deep_recursion() -> None:
    groups = [GroupNode(number, number - 1 or None, None) for number in range(1, 5001)]
    tree = Tree(VIEWERS["ada"], reversed(groups), {SIGNED_IN: Level.READ})
    assert tree.group_level(5000) is Level.READ
    assert len(tree.parent_ids(5000)) == 4999


@given(worlds(), viewers)
def test_decision_is_that_of_the_naive_reading(world: World, viewer: Viewer) -> None:
    tree = Tree(viewer, world.groups, world.site)
    for repository in world.repositories:
        assert tree.repository_level(repository) == naive_level(world, viewer, repository)


@given(worlds(), viewers)
def test_rule_for_lists_admits_what_may_be_read(world: World, viewer: Viewer) -> None:
    tree = Tree(viewer, world.groups, world.site)
    concerned = [node for node in world.repositories if viewer.subjects & node.grants.keys()]
    rule = read_rule(tree, concerned)
    for repository in world.repositories:
        group_rule = rule.private if repository.private else rule.public
        listed = (
            repository.repository_id in rule.allowed
            or (group_rule.admits(repository.group_id) and repository.repository_id not in rule.denied)
            or (rule.owner_id is not None and repository.owner_id == rule.owner_id)
        )
        bound = rule.only is None or repository.repository_id in rule.only
        assert (bound and listed) == (tree.repository_level(repository) >= Level.READ)


@given(worlds(), viewers, levels)
def test_ceiling_bounds_and_never_adds(world: World, viewer: Viewer, ceiling: Level) -> None:
    whole = Viewer(viewer.user_id, viewer.subjects, viewer.super_administrator, only=viewer.only)
    bounded = Viewer(viewer.user_id, viewer.subjects, viewer.super_administrator, ceiling, viewer.only)
    for repository in world.repositories:
        level = Tree(whole, world.groups, world.site).repository_level(repository)
        assert Tree(bounded, world.groups, world.site).repository_level(repository) == min(level, ceiling)


def _world(text: str) -> World:
    """From `outer: ada=read, repo: private team=write` to values; the subjects' names are those above."""
    grants: dict[str, dict[Subject, Level]] = {"site": {}, "outer": {}, "inner": {}, "repo": {}}
    owners: dict[str, int] = {}
    private = False
    for part in filter(None, text.split(", ")):
        place, _, words = part.partition(": ")
        for word in words.split():
            name, _, value = word.partition("=")
            if word == "private":
                private = True
            elif name == "owner":
                owners[place] = {"ada": ADA, "bob": BOB}[value]
            else:
                grants[place][SUBJECTS[name]] = Level[value.upper()]
    outer = GroupNode(1, None, owners.get("outer"), grants["outer"])
    inner = GroupNode(2, 1, owners.get("inner"), grants["inner"])
    return World((outer, inner), grants["site"], (RepositoryNode(1, 2, owners.get("repo"), private, grants["repo"]),))
