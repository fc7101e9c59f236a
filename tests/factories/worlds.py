"""Random trees of groups and repositories, and a second, naive reading of the rules about them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from kallithea.core.access import (
    SIGNED_IN,
    VISITORS,
    Grants,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Viewer,
)
from kallithea.model.grant import SITE, Grant, group_key, repository_key, subject_key
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.scope import Services

ADA, BOB = 1, 2
#: Users, groups of users and the built-in subjects, by the names that tests call them.
SUBJECTS = {
    "ada": Subject(SubjectKind.USER, ADA),
    "bob": Subject(SubjectKind.USER, BOB),
    "team": Subject(SubjectKind.USER_GROUP, 1),
    "crew": Subject(SubjectKind.USER_GROUP, 2),
    "signed-in": SIGNED_IN,
    "visitors": VISITORS,
}


@dataclass(frozen=True)
class World:
    """Groups, grants on the site, and repositories, as values."""

    groups: tuple[GroupNode, ...]
    site: dict[Subject, Level]
    repositories: tuple[RepositoryNode, ...]


levels = st.sampled_from(Level)
# Few subjects, so that grants often meet, and mostly no owner, because an owner settles everything.
_RECEIVERS = [SUBJECTS["ada"], SUBJECTS["team"], SIGNED_IN, VISITORS]
_GRANTS = st.dictionaries(
    st.sampled_from(_RECEIVERS),
    st.sampled_from([Level.NONE, Level.NONE, Level.READ, Level.READ, Level.WRITE, Level.ADMIN]),
    max_size=3,
).map(lambda grants: {one: min(level, Level.READ) if one == VISITORS else level for one, level in grants.items()})
_OWNERS = st.sampled_from([None, None, None, None, ADA, BOB])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Trees of up to six groups, with grants and owners anywhere."""
    groups = []
    for group_id in range(1, draw(st.integers(0, 6)) + 1):
        parent = draw(st.integers(0, group_id - 1)) or None
        groups.append(GroupNode(group_id, parent, draw(_OWNERS), draw(_GRANTS)))
    repositories = [
        RepositoryNode(
            repository_id,
            draw(st.integers(0, len(groups))) or None,
            draw(_OWNERS),
            draw(st.booleans()),
            draw(_GRANTS),
        )
        for repository_id in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return World(tuple(groups), draw(_GRANTS), tuple(repositories))


viewers = st.builds(
    Viewer,
    st.sampled_from([None, ADA, BOB]),
    st.sets(st.sampled_from(_RECEIVERS), min_size=1).map(frozenset),
    st.sampled_from([False, False, False, False, True]),
    st.sampled_from([*Level, Level.ADMIN, Level.ADMIN, Level.ADMIN]),
    st.none() | st.frozensets(st.integers(1, 5)),
)


def groups_around(world: World, repository: RepositoryNode) -> list[GroupNode]:
    """The groups that a repository lies in, nearest first."""
    groups = {group.group_id: group for group in world.groups}
    around: list[GroupNode] = []
    parent_id = repository.group_id
    while parent_id is not None:
        around.append(groups[parent_id])
        parent_id = groups[parent_id].parent_id
    return around


def naive_level(world: World, viewer: Viewer, repository: RepositoryNode) -> Level:
    """The rules as one would explain them, without any care for speed."""
    around = groups_around(world, repository)
    shells = [(repository.owner_id, repository.grants), *((group.owner_id, group.grants) for group in around)]
    shells.append((None, world.site))
    counted = [subject for subject in viewer.subjects if not (repository.private and subject.built_in)]

    def from_here_outwards(first: int) -> Level:
        found = []
        for subject in counted:
            nearest = next((grants[subject] for _, grants in shells[first:] if subject in grants), Level.NONE)
            found.append(nearest)
        return max(found, default=Level.NONE)

    level = from_here_outwards(0)
    if viewer.super_administrator:
        level = Level.ADMIN
    for number, (owner_id, _) in enumerate(shells):
        if viewer.user_id is not None and owner_id == viewer.user_id:
            level = Level.ADMIN
        if number > 0 and from_here_outwards(number) == Level.ADMIN:
            level = Level.ADMIN
    bound = viewer.only is None or repository.repository_id in viewer.only
    return min(level, viewer.ceiling) if bound else Level.NONE


def path_of_group(world: World, group_id: int | None) -> str:
    """Where a group lies; at the top of the site, the beginning of every path."""
    group = next((group for group in world.groups if group.group_id == group_id), None)
    return "" if group is None else f"{path_of_group(world, group.parent_id)}g{group.group_id}/"


def path_of(world: World, repository: RepositoryNode) -> str:
    """Where a repository lies."""
    return f"{path_of_group(world, repository.group_id)}r{repository.repository_id}"


def store_world(services: Services, world: World) -> None:
    """The world as rows. Ids are the world's own: the unit is rolled back."""
    session, now = services.session, services.now
    for user_id, name in ((ADA, "ada"), (BOB, "bob")):
        session.add(User(user_id=user_id, name=name, name_key=name, created=now))
        session.add(UserGroup(user_group_id=user_id, name=name, name_key=name, created=now))
    session.flush()
    # rows at once: the service asks the database a dozen times for each
    grants = _grants(SITE, world.site)
    for group in world.groups:
        row = RepositoryGroup(
            repository_group_id=group.group_id,
            parent_id=group.parent_id,
            owner_id=group.owner_id,
            created=now,
            location=_location(path_of_group(world, group.group_id)),
        )
        session.add(row)
        # its parent is there before it
        session.flush()
        grants += _grants(group_key(group.group_id), group.grants, repository_group_id=group.group_id)
    for node in world.repositories:
        repository = Repository(
            repository_id=node.repository_id,
            kind="hg",
            group_id=node.group_id,
            owner_id=node.owner_id,
            private=node.private,
            folder=str(node.repository_id),
            created=now,
            updated=now,
            location=_location(path_of(world, node)),
        )
        session.add(repository)
        grants += _grants(repository_key(node.repository_id), node.grants, repository_id=node.repository_id)
    session.flush()
    session.add_all(grants)
    session.flush()


def _grants(target: str, levels: Grants, **ids: int) -> list[Grant]:
    """The rows for a target; ``ids`` name it."""
    return [
        Grant(
            target_key=target,
            subject_key=subject_key(subject),
            level=level,
            user_id=subject.subject_id if subject.kind is SubjectKind.USER else None,
            user_group_id=subject.subject_id if subject.kind is SubjectKind.USER_GROUP else None,
            **ids,
        )
        for subject, level in levels.items()
    ]


def _location(path: str) -> Location:
    path = path.removesuffix("/")
    return Location(path=path, path_key=path)
