"""Why somebody has a level: every source of it, what becomes of each, and what the level would be without it.

Levels are those of ``core.access.Tree`` and nothing else: whatever is said about a change comes from a tree in which
the change has been made.
"""

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from kallithea.core.access import (
    SIGNED_IN,
    Grants,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Tree,
    UserGroupNode,
    Viewer,
)


class PlaceKind(enum.StrEnum):
    """What something is granted on."""

    REPOSITORY = "repository"
    GROUP = "group"
    SITE = "site"
    USER_GROUP = "user-group"
    USER_GROUPS = "user-groups"


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, a group, a group of users; with the ``place_id`` 0 the whole site, or all groups of users."""

    kind: PlaceKind
    place_id: int = 0


SITE = Place(PlaceKind.SITE)
USER_GROUPS = Place(PlaceKind.USER_GROUPS)

#: The id of a group of users and that of its owner.
UserGroupIds = tuple[int, int | None]

#: In which nothing else lies.
_INNERMOST = (PlaceKind.REPOSITORY, PlaceKind.USER_GROUP)


class SourceKind(enum.StrEnum):
    """What a level can come from."""

    GRANT = "grant"
    OWNER = "owner"
    SUPER_ADMINISTRATOR = "super-administrator"


class Effect(enum.StrEnum):
    """What becomes of a source.

    DECIDES: it gives the level. LOWER: it counts, but another gives more. OVERRULED: a grant nearer to the target, to
    the same subject, counts instead. PRIVATE: the repository is private, where built-in subjects do not count.
    """

    DECIDES = "decides"
    LOWER = "lower"
    OVERRULED = "overruled"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that gives a level at a place. ``subject`` is None for what is no grant.

    ``reaches``: it gives admin to all below, whatever is granted nearer. ``without`` is the level that the person would
    have if this alone were taken away.
    """

    kind: SourceKind
    place: Place
    subject: Subject | None
    level: Level
    effect: Effect
    reaches: bool
    without: Level


@dataclass(frozen=True, slots=True)
class Membership:
    """A subject with grants that the person could cease to be, and the level that they would have then.

    That is a group of users which they could leave, or the visitors, whom the site could admit no more.
    """

    subject: Subject
    without: Level


@dataclass(frozen=True, slots=True)
class Explanation:
    """A level, and all that it comes from, the nearest first. ``unbounded`` is the level without a token's bounds."""

    level: Level
    unbounded: Level
    sources: tuple[Source, ...]
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks about what: the repository, or else the group with this id, None being the top of the site.

    ``groups`` are at least those around it. About groups of users: the ``user_group``, or else all of them, with the
    grants on these as ``site_grants`` and the ``top`` USER_GROUPS.
    """

    viewer: Viewer
    groups: tuple[GroupNode, ...]
    site_grants: Grants
    repository: RepositoryNode | None = None
    group_id: int | None = None
    user_group: UserGroupNode | None = None
    top: Place = SITE

    def level(self) -> Level:
        """What the viewer may do."""
        tree = Tree(self.viewer, self.groups, self.site_grants)
        if self.top == USER_GROUPS:
            return tree.user_group_level(self.user_group or UserGroupNode(0, None))
        return tree.group_level(self.group_id) if self.repository is None else tree.repository_level(self.repository)

    def without_grant(self, place: Place, subject: Subject) -> "Question":
        """The same where the subject has no grant on the place."""
        if place == self.top:
            return replace(self, site_grants=_less(self.site_grants, subject))
        if place.kind is PlaceKind.USER_GROUP and self.user_group is not None:
            return replace(self, user_group=replace(self.user_group, grants=_less(self.user_group.grants, subject)))
        if place.kind is PlaceKind.REPOSITORY and self.repository is not None:
            return replace(self, repository=replace(self.repository, grants=_less(self.repository.grants, subject)))
        return self._with_group(place, lambda group: replace(group, grants=_less(group.grants, subject)))

    def without_owner(self, place: Place) -> "Question":
        """The same where nobody owns the place."""
        if place.kind is PlaceKind.USER_GROUP and self.user_group is not None:
            return replace(self, user_group=replace(self.user_group, owner_id=None))
        if place.kind is PlaceKind.REPOSITORY and self.repository is not None:
            return replace(self, repository=replace(self.repository, owner_id=None))
        return self._with_group(place, lambda group: replace(group, owner_id=None))

    def without_subject(self, subject: Subject) -> "Question":
        """The same where the viewer is not this subject."""
        return replace(self, viewer=replace(self.viewer, subjects=self.viewer.subjects - {subject}))

    def without_administration(self) -> "Question":
        """The same where the viewer does not administer the site."""
        return replace(self, viewer=replace(self.viewer, super_administrator=False))

    def without_ceiling(self) -> "Question":
        """The same for the account itself, whatever token it comes with."""
        return replace(self, viewer=replace(self.viewer, ceiling=Level.ADMIN, only=None))

    def around(self) -> Iterator[tuple[Place, int | None, Grants]]:
        """The places that can give something, with their owners and grants, the nearest first."""
        if self.repository is not None:
            here = Place(PlaceKind.REPOSITORY, self.repository.repository_id)
            yield here, self.repository.owner_id, self.repository.grants
        if self.user_group is not None:
            here = Place(PlaceKind.USER_GROUP, self.user_group.user_group_id)
            yield here, self.user_group.owner_id, self.user_group.grants
        chain = self._chain()
        if chain is not None:
            for group in chain:
                yield Place(PlaceKind.GROUP, group.group_id), group.owner_id, group.grants
            yield self.top, None, self.site_grants

    def _chain(self) -> list[GroupNode] | None:
        """The groups around the target, the nearest first; None where they do not lead to the top, as in ``Tree``."""
        known = {group.group_id: group for group in self.groups}
        chain: list[GroupNode] = []
        group_id = self.group_id if self.repository is None else self.repository.group_id
        while group_id is not None:
            group = known.pop(group_id, None)
            if group is None:
                return None
            chain.append(group)
            group_id = group.parent_id
        return chain

    def _with_group(self, place: Place, change: Callable[[GroupNode], GroupNode]) -> "Question":
        groups = tuple(change(group) if group.group_id == place.place_id else group for group in self.groups)
        return replace(self, groups=groups)


def about_user_groups(viewer: Viewer, grants: Mapping[Place, Grants], group: UserGroupIds | None = None) -> Question:
    """What is asked about a group of users, or without one about all; ``grants`` are at least those on these."""
    node = None
    if group is not None:
        node = UserGroupNode(*group, grants.get(Place(PlaceKind.USER_GROUP, group[0]), {}))
    return Question(viewer, (), grants.get(USER_GROUPS, {}), user_group=node, top=USER_GROUPS)


def explain(question: Question) -> Explanation:
    """Why the viewer has the level that they have."""
    unbounded = question.without_ceiling().level()
    sources = tuple(_sources(question, unbounded))
    named = {source.subject for source in sources if source.subject is not None}
    leavable = (one for one in named if one.kind is not SubjectKind.USER and one != SIGNED_IN)
    return Explanation(
        question.level(),
        unbounded,
        sources,
        tuple(Membership(one, question.without_subject(one).level()) for one in sorted(leavable, key=_order)),
    )


def _sources(question: Question, level: Level) -> Iterator[Source]:
    viewer = question.viewer
    if viewer.super_administrator:
        without = question.without_administration().level()
        yield Source(SourceKind.SUPER_ADMINISTRATOR, SITE, None, Level.ADMIN, Effect.DECIDES, True, without)
    nearer: set[Subject] = set()
    for place, owner_id, grants in question.around():
        below = place.kind not in _INNERMOST
        if owner_id is not None and owner_id == viewer.user_id:
            without = question.without_owner(place).level()
            yield Source(SourceKind.OWNER, place, None, Level.ADMIN, Effect.DECIDES, below, without)
        for subject in sorted(grants.keys() & viewer.subjects, key=_order):
            given = grants[subject]
            reaches = below and given == Level.ADMIN
            effect = _effect(question, subject, given, level, overruled=subject in nearer and not reaches)
            without = question.without_grant(place, subject).level()
            yield Source(SourceKind.GRANT, place, subject, given, effect, reaches, without)
        nearer |= grants.keys()


def _effect(question: Question, subject: Subject, given: Level, level: Level, *, overruled: bool) -> Effect:
    if subject.built_in and question.repository is not None and question.repository.private:
        return Effect.PRIVATE
    if overruled:
        return Effect.OVERRULED
    return Effect.DECIDES if given == level else Effect.LOWER


def _less(grants: Grants, subject: Subject) -> Grants:
    return {one: level for one, level in grants.items() if one != subject}


def _order(subject: Subject) -> tuple[int, int]:
    """The person, the groups they are in, all accounts, visitors."""
    return list(SubjectKind).index(subject.kind), subject.subject_id
