"""Who has which level on a repository, on a group or on the site, and where that comes from."""

import collections
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.access import (
    SIGNED_IN,
    VISITORS,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Viewer,
)
from kallithea.core.explanation import SITE, USER_GROUPS, Effect, Place, PlaceKind, Question, about_user_groups, explain
from kallithea.model.access_report import group_paths
from kallithea.model.grant import parse_subject_key, target_key
from kallithea.model.permission_matrix import (
    member_counts,
    memberships_among,
    named_grants,
    offered_user_groups,
    offered_users,
)
from kallithea.model.repository import Repository
from kallithea.model.repository_group import GROUP_AND_PARENTS, RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.access_reports import NamedSource, grants_by_place, name_source
from kallithea.services.permissions import Target, is_about_user_groups, place_of
from kallithea.services.settings import SiteSettings
from kallithea.services.user_group_rights import UserGroupRights

#: Rows of a matrix; those beyond are told by number.
MOST_ROWS = 500
_OFFERED = 20


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A subject that something is granted on the target or around it. ``active``: whether that counts at all.

    ``own`` is the level on the target itself, None without a grant there; ``inherited`` is the nearest one outside,
    with the path of its group in ``source``, empty for the site. ``higher`` gives the subject more than both.
    ``members`` counts the active accounts of a group of users.
    """

    subject: Subject
    name: str
    own: Level | None
    inherited: Level | None
    source: str
    higher: NamedSource | None
    active: bool = True
    full_name: str = ""
    email: str = ""
    members: int = 0

    @property
    def level(self) -> Level:
        """What the row shows: the nearest grant, none if there is none."""
        return next((level for level in (self.own, self.inherited) if level is not None), Level.NONE)


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An account that owns the target, or with ``path`` a group around it, and so has admin."""

    user_id: int
    name: str
    full_name: str
    email: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """All rows, by kind of subject and name; ``more`` were left out. ``visitors``: whether the site admits them.

    ``top`` is the place that all others lie in: the site, or all groups of users.
    """

    built_in: tuple[MatrixRow, ...]
    groups: tuple[MatrixRow, ...]
    users: tuple[MatrixRow, ...]
    owners: tuple[OwnerRow, ...]
    private: bool
    visitors: bool
    more: int
    top: PlaceKind = PlaceKind.SITE


@dataclass(frozen=True, slots=True)
class _Around:
    """Grants on a target and around it: places, the nearest first, with paths and owners."""

    groups: Sequence[tuple[int, int | None, int | None]]
    paths: Mapping[Place, str]
    grants: Mapping[Place, Mapping[Subject, Level]]
    people: Mapping[Subject, User | UserGroup]
    names: Mapping[Subject, str]
    order: tuple[Place, ...]
    members: Mapping[int, int] = field(default_factory=dict)
    memberships: Mapping[int, set[Subject]] = field(default_factory=dict)


class PermissionMatrices:
    """Makes matrices, in a number of queries that does not depend on how much there is."""

    def __init__(self, session: Session, settings: SiteSettings, user_group_rights: UserGroupRights) -> None:
        self._session = session
        self._settings = settings
        self._user_group_rights = user_group_rights

    def load(self, target: Target, reader: Viewer) -> Matrix:
        """The matrix of a target; None is the site. Groups of users that the reader may not know of have no names."""
        around, visitors = self._load_around(target, reader), self._settings.visitors
        everybody = frozenset({SIGNED_IN, VISITORS} if visitors else {SIGNED_IN})
        built_in = (SIGNED_IN,) if is_about_user_groups(target) else (VISITORS, SIGNED_IN)
        rows = [_Maker(target, around, everybody).row(subject) for subject in (*built_in, *_named(around))]
        shown = rows[: MOST_ROWS + 2]
        return Matrix(
            tuple(row for row in shown if row.subject.built_in),
            tuple(row for row in shown if row.subject.kind is SubjectKind.USER_GROUP),
            tuple(row for row in shown if row.subject.kind is SubjectKind.USER),
            self._owners(target, around),
            isinstance(target, Repository) and target.private,
            visitors,
            len(rows) - len(shown),
            around.order[-1].kind,
        )

    def offered_names(self, viewer: Viewer, words: str = "") -> tuple[str, ...]:
        """The first of those to whom the viewer can grant something, with the words.

        These are active accounts, and active groups of users that the viewer knows of.
        """
        users = self._session.scalars(offered_users(words, _OFFERED))
        known = self._user_group_rights.has(viewer, Level.READ)
        groups = self._session.scalars(offered_user_groups(words, known, _OFFERED))
        return (*users, *(f"user-group:{name}" for name in groups))

    def _load_around(self, target: Target, reader: Viewer) -> _Around:
        here, group_id = place_of(target), _group_id(target)
        rows = () if group_id is None else self._session.execute(GROUP_AND_PARENTS, {"group_id": group_id}).all()
        groups = _nearest_first([(row[0], row[1], row[2]) for row in rows], group_id)
        top = USER_GROUPS if is_about_user_groups(target) else SITE
        places = dict.fromkeys((here, *(Place(PlaceKind.GROUP, group[0]) for group in groups), top))
        found = self._session.execute(named_grants([target_key(place) for place in places])).all()
        people = {parse_subject_key(row[0]): person for row in found if (person := row[3] or row[4]) is not None}
        paths = {top: ""} | {
            Place(PlaceKind.GROUP, found_id): path
            for found_id, path in self._session.execute(group_paths([group[0] for group in groups]))
        }
        user_ids = [one.subject_id for one in people if one.kind is SubjectKind.USER]
        group_ids = [one.subject_id for one in people if one.kind is SubjectKind.USER_GROUP]
        members = {row[0]: row[1] for row in self._session.execute(member_counts(group_ids))}
        memberships: dict[int, set[Subject]] = collections.defaultdict(set)
        for user_id, key in self._session.execute(memberships_among(user_ids, group_ids)):
            memberships[user_id].add(Subject(SubjectKind.USER_GROUP, key))
        names = {subject: one.name for subject, one in people.items()}
        if group_ids:
            rights = self._user_group_rights.load(reader)
            names |= {
                subject: ""
                for subject, one in people.items()
                if isinstance(one, UserGroup) and rights.level(one.user_group_id, one.owner_id) < Level.READ
            }
        return _Around(groups, paths, grants_by_place(found), people, names, tuple(places), members, memberships)

    def _owners(self, target: Target, around: _Around) -> tuple[OwnerRow, ...]:
        owned: list[tuple[str | None, int | None]]
        owned = [(None, target.owner_id)] if isinstance(target, Repository | UserGroup) else []
        here = target.repository_group_id if isinstance(target, RepositoryGroup) else None
        owned += [
            (None if group_id == here else around.paths[Place(PlaceKind.GROUP, group_id)], owner_id)
            for group_id, _parent, owner_id in around.groups
        ]
        ids = {owner_id for _path, owner_id in owned if owner_id is not None}
        users = {user.user_id: user for user in self._session.scalars(select(User).where(User.user_id.in_(ids)))}
        rows = ((path, users[owner_id]) for path, owner_id in owned if owner_id in users)
        return tuple(OwnerRow(user.user_id, user.name, user.full_name, user.email or "", path) for path, user in rows)


class _Maker:
    """Makes rows out of what is granted around a target."""

    def __init__(self, target: Target, around: _Around, everybody: frozenset[Subject]) -> None:
        self._target = target
        self._around = around
        self._everybody = everybody

    def row(self, subject: Subject) -> MatrixRow:
        """The row of a subject."""
        here, *outside = self._around.order
        person = self._around.people.get(subject)
        inherited = next((place for place in outside if subject in self._around.grants.get(place, {})), None)
        own = self._around.grants.get(here, {}).get(subject)
        level = None if inherited is None else self._around.grants[inherited][subject]
        row = MatrixRow(
            subject,
            self._around.names.get(subject, ""),
            own,
            level,
            "" if inherited is None else self._around.paths[inherited],
            None,
            person is None or person.active,
            person.full_name if isinstance(person, User) else "",
            (person.email or "") if isinstance(person, User) else "",
            self._around.members.get(subject.subject_id, 0) if isinstance(person, UserGroup) else 0,
        )
        return replace(row, higher=self._find_higher(row, person))

    def _find_higher(self, row: MatrixRow, person: User | UserGroup | None) -> NamedSource | None:
        """What gives the subject more than its nearest grant, if anything does."""
        found = explain(self._question(self._viewer(row.subject, person)))
        source = next((one for one in found.sources if one.effect is Effect.DECIDES), None)
        if source is None or found.level <= row.level:
            return None
        paths = {**self._around.paths, self._around.order[0]: self._around.paths.get(self._around.order[0], "")}
        return name_source(source, paths, self._around.names)

    def _viewer(self, subject: Subject, person: User | UserGroup | None) -> Viewer:
        """The subject as somebody who asks: an account with all that it is, any other alone."""
        if not isinstance(person, User):
            return Viewer(None, frozenset({subject}))
        memberships = {one for one in self._around.memberships.get(person.user_id, ()) if self._is_active(one)}
        return Viewer(person.user_id, frozenset({subject, *self._everybody, *memberships}), person.super_administrator)

    def _is_active(self, subject: Subject) -> bool:
        person = self._around.people.get(subject)
        return person is not None and person.active

    def _question(self, viewer: Viewer) -> Question:
        grants = self._around.grants
        if is_about_user_groups(self._target):
            asked = self._target
            group = (asked.user_group_id, asked.owner_id) if isinstance(asked, UserGroup) else None
            return about_user_groups(viewer, grants, group)
        groups = tuple(GroupNode(*row, grants.get(Place(PlaceKind.GROUP, row[0]), {})) for row in self._around.groups)
        node = None
        if isinstance(self._target, Repository):
            row = self._target
            own = grants.get(self._around.order[0], {})
            node = RepositoryNode(row.repository_id, row.group_id, row.owner_id, row.private, own)
        return Question(viewer, groups, grants.get(SITE, {}), node, _group_id(self._target))


def _named(around: _Around) -> list[Subject]:
    """Groups of users and accounts that something is granted."""
    granted = dict.fromkeys(subject for place in around.order for subject in around.grants.get(place, {}))
    kinds = list(SubjectKind)

    def order(subject: Subject) -> tuple[int, str]:
        person = around.people.get(subject)
        return -kinds.index(subject.kind), "" if person is None else person.name_key

    return sorted((one for one in granted if not one.built_in), key=order)


def _nearest_first(
    groups: Iterable[tuple[int, int | None, int | None]], group_id: int | None
) -> list[tuple[int, int | None, int | None]]:
    known = {group[0]: group for group in groups}
    found: list[tuple[int, int | None, int | None]] = []
    while group_id is not None and group_id in known:
        group = known.pop(group_id)
        found.append(group)
        group_id = group[1]
    return found


def _group_id(target: Target) -> int | None:
    """The target itself if it is a group, or the group around it."""
    if isinstance(target, Repository):
        return target.group_id
    return target.repository_group_id if isinstance(target, RepositoryGroup) else None
