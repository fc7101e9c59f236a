"""Who may do what: one pure function over the tree of groups.

Levels are ordered: none < read < write < admin. The subjects of a person are themselves, each active user group that
they are in, and two built-in ones: signed-in (every active account) and visitors (everybody, when the site admits
visitors). For each subject the grant nearest to the repository counts, ``none`` included: on the repository, on its
group, on that group's parent, and last on the site. The result is the maximum over the subjects.

``private`` drops the two built-in subjects. The owner, a super administrator, and whoever has admin on a group, for
all below it, have admin.

Groups of users are had rights on by the same rule, in a tree without groups: outermost lie the grants on all of them.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kallithea.core.words import Text, _


class Level(enum.IntEnum):
    """How much is allowed; each level includes those below."""

    NONE = 0
    READ = 1
    WRITE = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """The level as it is written on the command line and in the audit."""
        return self.name.lower()

    @property
    def text(self) -> Text:
        """The same word in the language of whoever reads it."""
        return _TEXTS[self]

    @property
    def title(self) -> Text:
        """The same word alone, as the head of a column or in a menu."""
        return _TITLES[self]


_TITLES = {
    # Translators: the name of a right that somebody has on a repository, as the head of a column
    Level.NONE: _("None"),
    # Translators: the name of a right that somebody has on a repository, as the head of a column
    Level.READ: _("Read"),
    # Translators: the name of a right that somebody has on a repository, as the head of a column
    Level.WRITE: _("Write"),
    # Translators: the name of a right that somebody has on a repository, as the head of a column
    Level.ADMIN: _("Admin"),
}

_TEXTS = {
    # Translators: the name of a right that somebody has on a repository, in the middle of a sentence
    Level.NONE: _("none"),
    # Translators: the name of a right that somebody has on a repository, in the middle of a sentence
    Level.READ: _("read"),
    # Translators: the name of a right that somebody has on a repository, in the middle of a sentence
    Level.WRITE: _("write"),
    # Translators: the name of a right that somebody has on a repository, in the middle of a sentence
    Level.ADMIN: _("admin"),
}


class Visibility(enum.StrEnum):
    """Who may read a repository without being named: everybody, every active account, nobody."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"


class SubjectKind(enum.StrEnum):
    """What a grant can be given to."""

    USER = "user"
    USER_GROUP = "user-group"
    SIGNED_IN = "signed-in"
    VISITORS = "visitors"


@dataclass(frozen=True, slots=True)
class Subject:
    """Receiver of a grant. ``subject_id`` is 0 for the two built-in subjects."""

    kind: SubjectKind
    subject_id: int = 0

    @property
    def built_in(self) -> bool:
        """Whether a private repository ignores this subject's grants."""
        return self.kind in (SubjectKind.SIGNED_IN, SubjectKind.VISITORS)


SIGNED_IN = Subject(SubjectKind.SIGNED_IN)
VISITORS = Subject(SubjectKind.VISITORS)

#: Who changes something is known by name.
MOST_OF_VISITORS = Level.READ

Grants: TypeAlias = Mapping[Subject, Level]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, as far as rights are concerned. ``user_id`` is None for somebody not signed in.

    ``ceiling`` bounds every answer: a token with the scope to read never gives more than READ. ``only`` are the ids of
    the repositories that a token is bound to, None where it is bound to none: it gives nothing on all others, nor on
    groups.
    """

    user_id: int | None
    subjects: frozenset[Subject]
    super_administrator: bool = False
    ceiling: Level = Level.ADMIN
    only: frozenset[int] | None = None


def viewer_of(
    user_id: int,
    group_ids: Iterable[int],
    *,
    visitors: bool,
    super_administrator: bool = False,
    ceiling: Level = Level.ADMIN,
    only: frozenset[int] | None = None,
) -> Viewer:
    """Who asks, with all that they are: an active account, in these active groups of users.

    ``visitors``: whether the site admits visitors, whose grants count for users as well.
    """
    subjects = {Subject(SubjectKind.USER_GROUP, group_id) for group_id in group_ids}
    subjects |= {SIGNED_IN, Subject(SubjectKind.USER, user_id)}
    if visitors:
        subjects.add(VISITORS)
    return Viewer(user_id, frozenset(subjects), super_administrator, ceiling, only)


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A repository group in the tree. ``grants`` are those on this very group."""

    group_id: int
    parent_id: int | None
    owner_id: int | None
    grants: Grants = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RepositoryNode:
    """A repository in the tree. ``grants`` are those on this very repository."""

    repository_id: int
    group_id: int | None
    owner_id: int | None
    private: bool
    grants: Grants = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserGroupNode:
    """A group of users as something that is administered. ``grants`` are those on this very group."""

    user_group_id: int
    owner_id: int | None
    grants: Grants = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a viewer gets at a group: nearest level of each subject, and whether they administer it.

    ``admin_named`` leaves the built-in subjects out, as a private repository does.
    """

    levels: Grants
    admin: bool
    admin_named: bool

    def administered(self, *, private: bool) -> bool:
        """Whether what lies here, private or not, is the viewer's to administer whatever is granted nearer."""
        return self.admin_named or (self.admin and not private)


_NOTHING = _Inherited({}, admin=False, admin_named=False)


class Tree:
    """The groups with the grants that concern one viewer, from which every right of that viewer follows.

    ``site_grants`` lie outermost and apply where nothing nearer does.
    """

    def __init__(self, viewer: Viewer, groups: Iterable[GroupNode], site_grants: Grants) -> None:
        self.viewer = viewer
        self.groups = {group.group_id: group for group in groups}
        site = self._apply(_NOTHING, site_grants, None)
        self._inherited: dict[int | None, _Inherited] = {None: site}
        # most groups inherit the very same: by its id and privacy, what it amounts to
        self._levels: dict[tuple[int, bool], Level] = {}

    def repository_level(self, repository: RepositoryNode) -> Level:
        """The viewer's level on a repository."""
        if self.viewer.only is not None and repository.repository_id not in self.viewer.only:
            return Level.NONE
        return self._level_here(repository, self._at(repository.group_id), private=repository.private)

    def user_group_level(self, group: UserGroupNode) -> Level:
        """The viewer's level on a group of users; ``site_grants`` are those on all of them."""
        return Level.NONE if self.viewer.only is not None else self._level_here(group, self._at(None), private=False)

    def group_level(self, group_id: int | None, *, private: bool = False) -> Level:
        """The viewer's level on a group; None is the top of the site.

        ``private``: the level on private repositories that lie in it and have no grants of their own.
        """
        return Level.NONE if self.viewer.only is not None else self.level_within(group_id, private=private)

    def level_within(self, group_id: int | None, *, private: bool = False) -> Level:
        """The level on what lies in a group and has no grants of its own, whatever the viewer is bound to."""
        inherited = self._at(group_id)
        found = self._levels.get((id(inherited), private))
        if found is None:
            admin = inherited.administered(private=private)
            found = self._bounded(Level.ADMIN if admin else _highest(inherited.levels, named_only=private))
            self._levels[id(inherited), private] = found
        return found

    def parent_ids(self, group_id: int) -> list[int]:
        """The groups that a group lies in, nearest first."""
        parents: list[int] = []
        group = self.groups.get(group_id)
        while group is not None and group.parent_id is not None and group.parent_id not in parents:
            parents.append(group.parent_id)
            group = self.groups.get(group.parent_id)
        return parents

    def _level_here(self, place: RepositoryNode | UserGroupNode, inherited: _Inherited, *, private: bool) -> Level:
        """The level on something in which nothing else lies."""
        if self._owns(place.owner_id) or inherited.administered(private=private):
            return self._bounded(Level.ADMIN)
        return self._bounded(_highest({**inherited.levels, **self._own(place.grants)}, named_only=private))

    def _at(self, group_id: int | None) -> _Inherited:
        """What the viewer has at a group. A group that is not in the tree, or lies in itself, gives nothing."""
        pending: dict[int, GroupNode] = {}
        while group_id is not None and group_id not in self._inherited:
            group = self.groups.get(group_id)
            if group is None or group_id in pending:
                return self._inherited[None] if self.viewer.super_administrator else _NOTHING
            pending[group_id] = group
            group_id = group.parent_id
        inherited = self._inherited[group_id]
        for group in reversed(pending.values()):
            inherited = self._apply(inherited, group.grants, group.owner_id)
            self._inherited[group.group_id] = inherited
        return inherited

    def _apply(self, above: _Inherited, grants: Grants, owner_id: int | None) -> _Inherited:
        own = self._own(grants)
        owned = self._owns(owner_id)
        if not own and (above.admin_named or not owned):
            return above
        levels = {**above.levels, **own}
        return _Inherited(
            levels,
            admin=above.admin or owned or _highest(levels) == Level.ADMIN,
            admin_named=above.admin_named or owned or _highest(levels, named_only=True) == Level.ADMIN,
        )

    def _own(self, grants: Grants) -> dict[Subject, Level]:
        return {subject: level for subject, level in grants.items() if subject in self.viewer.subjects}

    def _owns(self, owner_id: int | None) -> bool:
        return self.viewer.super_administrator or (owner_id is not None and owner_id == self.viewer.user_id)

    def _bounded(self, level: Level) -> Level:
        return min(level, self.viewer.ceiling)


def _highest(levels: Grants, *, named_only: bool = False) -> Level:
    counted = (level for subject, level in levels.items() if not (named_only and subject.built_in))
    return max(counted, default=Level.NONE)
