"""Why somebody may do what they may, with the names of everything that it comes from."""

import collections
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from kallithea.core.access import (
    Grants,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Viewer,
)
from kallithea.core.explanation import (
    SITE,
    USER_GROUPS,
    Effect,
    Explanation,
    Place,
    PlaceKind,
    Question,
    Source,
    SourceKind,
    about_user_groups,
    explain,
)
from kallithea.model.access_report import group_paths, user_group_names
from kallithea.model.grant import (
    GIVEN_ON,
    group_key,
    parse_subject_key,
    parse_target_key,
    repository_key,
    to_subjects,
    user_group_key,
)
from kallithea.model.grant import SITE as SITE_KEY
from kallithea.model.grant import USER_GROUPS as USER_GROUPS_KEY
from kallithea.model.repository import Repository
from kallithea.model.repository_group import GROUP_AND_PARENTS, RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.permissions import Permissions, Target, is_about_user_groups
from kallithea.services.user_group_rights import UserGroupRights


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source of a level. ``path`` is that of the place, or its name; empty for the site and for all user groups.

    ``subject`` is the kind of what it is granted to, None for what is no grant; ``name`` is that of the group of users,
    empty for the account itself and for the built-in subjects. ``effect``, ``reaches`` and ``without`` are those of
    ``core.explanation.Source``.
    """

    kind: SourceKind
    place: PlaceKind
    path: str
    subject: SubjectKind | None
    name: str
    level: Level
    effect: Effect
    reaches: bool
    without: Level


@dataclass(frozen=True, slots=True)
class NamedMembership:
    """What the person could cease to be, and the level that they would have then; ``name`` as in NamedSource."""

    subject: SubjectKind
    name: str
    without: Level


@dataclass(frozen=True, slots=True)
class AccessReport:
    """The level of an account, or of a visitor, and all that it comes from, the nearest first."""

    level: Level
    sources: tuple[NamedSource, ...]
    memberships: tuple[NamedMembership, ...]


class AccessReports:
    """Explains rights. A report takes at most six queries, however much there is."""

    def __init__(self, session: Session, permissions: Permissions, user_group_rights: UserGroupRights) -> None:
        self._session = session
        self._permissions = permissions
        self._user_group_rights = user_group_rights

    def explain(self, user: User | None, target: Target, reader: Viewer | None = None) -> AccessReport:
        """The rights of an account on a target; without one, or with a disabled one, those of a visitor.

        With a ``reader``, groups of users that they may not know of have no names.
        """
        viewer = self._permissions.viewer_for(user)
        found = explain(self._question(viewer, target))
        paths = self._paths(found, target)
        names = self._names(found, reader)
        return AccessReport(
            found.level,
            tuple(name_source(source, paths, names) for source in found.sources),
            tuple(
                NamedMembership(one.subject.kind, names.get(one.subject, ""), one.without) for one in found.memberships
            ),
        )

    def _question(self, viewer: Viewer, target: Target) -> Question:
        if is_about_user_groups(target):
            return self._question_of_user_groups(viewer, target)
        group_id, keys = _around(target)
        rows = () if group_id is None else self._session.execute(GROUP_AND_PARENTS, {"group_id": group_id}).all()
        keys += [SITE_KEY, *(group_key(row[0]) for row in rows)]
        grants = self._grants(viewer, keys)
        nothing: Grants = {}
        groups = tuple(GroupNode(*row, grants.get(Place(PlaceKind.GROUP, row[0]), nothing)) for row in rows)
        node = None
        if isinstance(target, Repository):
            own = grants.get(Place(PlaceKind.REPOSITORY, target.repository_id), nothing)
            node = RepositoryNode(target.repository_id, group_id, target.owner_id, target.private, own)
        return Question(viewer, groups, grants.get(SITE, nothing), node, group_id)

    def _question_of_user_groups(self, viewer: Viewer, target: Target) -> Question:
        group = (target.user_group_id, target.owner_id) if isinstance(target, UserGroup) else None
        keys = [USER_GROUPS_KEY] if group is None else [USER_GROUPS_KEY, user_group_key(group[0])]
        return about_user_groups(viewer, self._grants(viewer, keys), group)

    def _grants(self, viewer: Viewer, target_keys: Iterable[str]) -> Mapping[Place, dict[Subject, Level]]:
        return grants_by_place(self._session.execute(GIVEN_ON, to_subjects(viewer.subjects, target_keys)))

    def _paths(self, found: Explanation, target: Target) -> Mapping[Place, str]:
        ids = {source.place.place_id for source in found.sources if source.place.kind is PlaceKind.GROUP}
        paths = {SITE: "", USER_GROUPS: ""}
        if ids:
            rows = self._session.execute(group_paths(ids))
            paths |= {Place(PlaceKind.GROUP, group_id): path for group_id, path in rows}
        if isinstance(target, Repository):
            paths[Place(PlaceKind.REPOSITORY, target.repository_id)] = target.path
        elif isinstance(target, UserGroup):
            paths[Place(PlaceKind.USER_GROUP, target.user_group_id)] = target.name
        return paths

    def _names(self, found: Explanation, reader: Viewer | None) -> Mapping[Subject, str]:
        subjects = {source.subject for source in found.sources if source.subject is not None}
        ids = {one.subject_id for one in subjects if one.kind is SubjectKind.USER_GROUP}
        asked = user_group_names(ids)
        if ids and reader is not None:
            asked = asked.where(self._user_group_rights.has(reader, Level.READ))
        rows = self._session.execute(asked) if ids else ()
        return {Subject(SubjectKind.USER_GROUP, group_id): name for group_id, name in rows}


def _around(target: Target) -> tuple[int | None, list[str]]:
    """The innermost group around the target, or the target itself if it is one; and the target's key."""
    if isinstance(target, Repository):
        return target.group_id, [repository_key(target.repository_id)]
    return (target.repository_group_id if isinstance(target, RepositoryGroup) else None), []


def grants_by_place(given: Iterable[Sequence[Any]]) -> Mapping[Place, dict[Subject, Level]]:
    """What is granted on each place; rows as ``model.grant.GIVEN`` has them."""
    found: dict[Place, dict[Subject, Level]] = collections.defaultdict(dict)
    for key, level, target_key, *_person in given:
        found[parse_target_key(target_key)][parse_subject_key(key)] = Level(level)
    return found


def name_source(source: Source, paths: Mapping[Place, str], names: Mapping[Subject, str]) -> NamedSource:
    """The source with the names of its place and of the group of users."""
    subject = source.subject
    return NamedSource(
        source.kind,
        source.place.kind,
        paths.get(source.place, ""),
        None if subject is None else subject.kind,
        "" if subject is None else names.get(subject, ""),
        source.level,
        source.effect,
        source.reaches,
        source.without,
    )
