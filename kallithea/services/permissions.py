"""Who may do what: loads what concerns a viewer, and lets ``core.access`` decide."""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, false, true
from sqlalchemy.orm import Session

from kallithea.core.access import (
    MOST_OF_VISITORS,
    SIGNED_IN,
    VISITORS,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Tree,
    Viewer,
    Visibility,
)
from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.core.explanation import SITE as PLACE_OF_SITE
from kallithea.core.explanation import USER_GROUPS as PLACE_OF_USER_GROUPS
from kallithea.core.explanation import Place, PlaceKind
from kallithea.core.readable import read_rule
from kallithea.core.words import _
from kallithea.model.grant import (
    GRANTS,
    GRANTS_ON,
    SITE,
    Grant,
    GrantTuple,
    find_grant,
    grants_on,
    group_key,
    parse_subject_key,
    repository_key,
    subject_key,
    target_key,
    to_subjects,
)
from kallithea.model.key_lists import with_fixed_lists
from kallithea.model.readable import readable
from kallithea.model.repository import Repository
from kallithea.model.repository_group import GROUP_AND_PARENTS, GroupTuple, RepositoryGroup, group_rows
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.rights import Rights, node_of, rights_of
from kallithea.services.rows import plain_rows
from kallithea.services.viewers import find_viewer

#: What a repository is called that one of the built-in subjects may read, the widest first.
_BUILT_IN = {VISITORS: Visibility.PUBLIC, SIGNED_IN: Visibility.INTERNAL}
_ONLY_VISITORS = frozenset({VISITORS})


class AllUserGroups(enum.Enum):
    """All groups of users, as something that rights are had on."""

    ALL = "all"


ALL_USER_GROUPS = AllUserGroups.ALL

#: What grants are given on; None is the whole site.
Target: TypeAlias = Repository | RepositoryGroup | UserGroup | AllUserGroups | None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as pages show it. ``name`` is the user's or the user group's, or the word for a built-in subject."""

    subject: Subject
    name: str
    level: Level


class Permissions:
    """Answers about rights, each with a number of queries that does not depend on how much there is.

    ``viewer_for`` takes one query, ``level`` at most two, everything about the whole tree of groups together two more.
    """

    def __init__(self, session: Session, audit: Audit) -> None:
        self._session = session
        self._audit = audit
        self._whole: dict[Viewer, Rights] = {}
        self._readable: dict[Viewer, ColumnElement[bool]] = {}
        self._built_in: dict[Viewer, Mapping[Subject, Sequence[GrantTuple]]] = {}

    def viewer_for(self, user: User | None, *, ceiling: Level = Level.ADMIN) -> Viewer:
        """Who asks. A disabled user is nobody. Visitors count as long as the site admits them, for users as well."""
        if user is not None and not user.active:
            user = None
        return self.viewer_of_user(None if user is None else user.user_id, ceiling=ceiling)

    def viewer_of_user(
        self,
        user_id: int | None,
        *,
        ceiling: Level = Level.ADMIN,
        only: frozenset[int] | None = None,
        address: str | None = None,
    ) -> Viewer:
        """The same of the user with this id; nobody if there is none, or they are disabled.

        Raises AddressRefusedError if the site answers nobody at the ``address``, where that matters.
        """
        self._session.flush()
        return find_viewer(self._session.connection(), user_id, ceiling=ceiling, only=only, address=address)

    def viewer_now(self, viewer: Viewer) -> Viewer:
        """The same person with the rights that they have by now: groups and accounts change while something is made."""
        if viewer.user_id is None:
            return viewer
        return self.viewer_of_user(viewer.user_id, ceiling=viewer.ceiling, only=viewer.only)

    def tree(self, viewer: Viewer) -> Tree:
        """All groups with the grants that concern the viewer; read once in a unit."""
        return self._rights(viewer).tree

    def level(self, viewer: Viewer, repository: Repository) -> Level:
        """The viewer's level on the repository."""
        node = node_of(repository)
        return self._rights_at(viewer, node.group_id, repository_key(node.repository_id)).level(node)

    def access_at(
        self, viewer: Viewer, repository: RepositoryNode, around: Sequence[GroupTuple], depth: int
    ) -> tuple[Level, Visibility]:
        """The same of what was asked for by a path of ``depth`` segments, which needs no row; and who else may read it.

        ``around`` are the groups that it lies in, in any order. The statement has as many keys for each path of this
        depth, whatever lies around.
        """
        if viewer in self._whole:
            visible = self.visibilities(viewer, [repository])[repository.repository_id]
            return self._whole[viewer].level(repository), visible
        keys = [SITE, repository_key(repository.repository_id), *[SITE] * (depth - len(around))]
        keys += [group_key(row[0]) for row in around]
        grants = plain_rows(self._session, *with_fixed_lists(GRANTS_ON, to_subjects(viewer.subjects, keys)))
        level = rights_of(viewer, around, grants).level(repository)
        if viewer.subjects == _ONLY_VISITORS:
            # what they may read, everybody may
            return level, Visibility.PUBLIC if level >= Level.READ else Visibility.PRIVATE
        built_in = {subject: _of_subject(grants, subject) for subject in _BUILT_IN}
        return level, _find_visibility(_read_as(viewer, around, built_in), repository)

    def require(self, viewer: Viewer, repository: Repository, level: Level) -> None:
        """Raise ForbiddenError below the level, and NotFoundError where the viewer may not even read."""
        found = self.level(viewer, repository)
        if found < Level.READ:
            raise NotFoundError(_("There is no such repository."))
        if found < level:
            raise ForbiddenError(
                _(
                    "This needs the right to %(needed)s %(path)s; yours is to %(found)s.",
                    needed=level.text,
                    path=repository.path,
                    found=found.text,
                )
            )

    def group_level(self, viewer: Viewer, group_id: int | None) -> Level:
        """The viewer's level on a group; None is the top of the site."""
        return self._rights_at(viewer, group_id).tree.group_level(group_id)

    def require_group(self, viewer: Viewer, group_id: int | None, level: Level) -> None:
        """Raise ForbiddenError if the viewer's level on the group, or at the top of the site, is below ``level``.

        Whether the viewer may know of the group is another question: ``repository_groups.visible`` answers it.
        """
        found = self.group_level(viewer, group_id)
        if found < level:
            raise ForbiddenError(
                _("This needs the right to %(needed)s here; yours is %(found)s.", needed=level.text, found=found.text)
            )

    def readable(self, viewer: Viewer) -> ColumnElement[bool]:
        """A condition on Repository that holds for exactly those on which the viewer's level is at least READ."""
        if viewer not in self._readable:
            rights = self._rights(viewer)
            self._readable[viewer] = readable(read_rule(rights.tree, rights.repositories.values()))
        return self._readable[viewer]

    def visibilities(self, viewer: Viewer, repositories: Iterable[RepositoryNode]) -> dict[int, Visibility]:
        """Who may read each of these repositories without being named, by its id; the nodes need no grants.

        Takes no query but those for the viewer's tree where it is not known yet.
        """
        asked = list(repositories)
        group_ids = {node.group_id for node in asked if node.group_id is not None}
        readers = self._readers(viewer, group_ids)
        return {repository.repository_id: _find_visibility(readers.items(), repository) for repository in asked}

    def has_visibility(self, viewer: Viewer, visibility: Visibility) -> ColumnElement[bool]:
        """A condition on Repository that holds for exactly those of which ``visibilities`` says this."""
        wider: list[ColumnElement[bool]] = []
        for read_as, rights in self._readers(viewer, self.tree(viewer).groups).items():
            condition = readable(read_rule(rights.tree, rights.repositories.values()))
            if read_as is visibility:
                return and_(condition, *wider)
            wider.append(~condition)
        return and_(true(), *wider) if visibility is Visibility.PRIVATE else false()

    def list_(self, target: Target) -> tuple[GrantRow, ...]:
        """All grants on the target itself, in the order of the names within each kind of subject."""
        rows = [
            GrantRow(parse_subject_key(key), name or key, Level(level))
            for key, level, name in self._session.execute(grants_on(target_key(place_of(target))))
        ]
        kinds = list(SubjectKind)
        return tuple(sorted(rows, key=lambda row: (-kinds.index(row.subject.kind), row.name)))

    def set_(self, actor: Actor, target: Target, subject: Subject, level: Level | None) -> None:
        """Give the subject this level on the target; None takes the grant away, so that what is farther off counts.

        Raises InvalidError for more than READ to visitors, and ConflictError if somebody else changes the same grant,
        or deletes the subject, at this moment.
        """
        self._store(actor, target, subject, self._locked(target, subject), level)

    def replace_(
        self, actor: Actor, target: Target, subject: Subject, before: Level | None, after: Level | None
    ) -> None:
        """The same as ``set_`` where the grant still is as somebody saw it; raises ConflictError where it is not."""
        grant = self._locked(target, subject)
        found = None if grant is None else Level(grant.level)
        if found is not before:
            name, words = self._name(subject), _("nothing") if found is None else found.text
            raise ConflictError(
                _("Somebody else has changed this meanwhile: %(name)s has %(level)s here now.", name=name, level=words)
            )
        self._store(actor, target, subject, grant, after)

    def _locked(self, target: Target, subject: Subject) -> Grant | None:
        return self._session.scalar(find_grant(target_key(place_of(target)), subject).with_for_update())

    def _store(self, actor: Actor, target: Target, subject: Subject, grant: Grant | None, level: Level | None) -> None:
        if level is not None:
            _require_possible(target, subject, level)
        self.forget()
        before = None if grant is None else Level(grant.level).word
        if level is None:
            if grant is not None:
                self._session.delete(grant)
        elif grant is None:
            insert(self._session, _grant(target, subject, level), _("Somebody else has just granted something here."))
        else:
            grant.level = level
        after = None if level is None else level.word
        name = self._name(subject)
        self._audit.add(actor, "permission.set", _target_name(target), before={name: before}, after={name: after})

    def _name(self, subject: Subject) -> str:
        """The subject as the audit says it, such as ``user:ada``."""
        if subject.kind is SubjectKind.USER:
            user = self._session.get(User, subject.subject_id)
            return f"{subject.kind}:{subject.subject_id if user is None else user.name}"
        group = None if subject.built_in else self._session.get(UserGroup, subject.subject_id)
        return subject_key(subject) if group is None else f"{subject.kind}:{group.name}"

    def forget(self) -> None:
        """Read the tree again when it is next needed: groups or grants have changed in this unit."""
        self._whole.clear()
        self._readable.clear()

    def _rights(self, viewer: Viewer) -> Rights:
        if viewer not in self._whole:
            groups = plain_rows(self._session, group_rows())
            grants = plain_rows(self._session, GRANTS, to_subjects({*viewer.subjects, *_BUILT_IN}))
            of_viewer = set(map(subject_key, viewer.subjects))
            self._whole[viewer] = rights_of(viewer, groups, [grant for grant in grants if grant[0] in of_viewer])
            self._built_in[viewer] = {subject: _of_subject(grants, subject) for subject in _BUILT_IN}
        return self._whole[viewer]

    def _readers(self, viewer: Viewer, group_ids: Iterable[int]) -> dict[Visibility, Rights]:
        """What the built-in subjects that the viewer knows may read in these groups, who admits the most first."""
        tree = self.tree(viewer)
        around = {above for group_id in group_ids for above in (group_id, *tree.parent_ids(group_id))}
        nodes = (tree.groups[group_id] for group_id in around if group_id in tree.groups)
        groups = [(group.group_id, group.parent_id, group.owner_id) for group in nodes]
        return dict(_read_as(viewer, groups, self._built_in[viewer]))

    def _rights_at(self, viewer: Viewer, group_id: int | None, *target_keys: str) -> Rights:
        """Rights on one group and its parents, and on the further targets: the whole tree if it is known already."""
        if viewer in self._whole:
            return self._whole[viewer]
        groups = self._parents(group_id)
        keys = [SITE, *target_keys, *(group_key(row[0]) for row in groups)]
        return rights_of(viewer, groups, plain_rows(self._session, GRANTS_ON, to_subjects(viewer.subjects, keys)))

    def _parents(self, group_id: int | None) -> Sequence[GroupTuple]:
        """A group, and those that it lies in."""
        return () if group_id is None else plain_rows(self._session, GROUP_AND_PARENTS, {"group_id": group_id})


def _read_as(
    viewer: Viewer, groups: Sequence[GroupTuple], grants: Mapping[Subject, Sequence[GrantTuple]]
) -> Iterator[tuple[Visibility, Rights]]:
    """What the built-in subjects that the viewer knows may read, who admits the most first."""
    for subject, visibility in _BUILT_IN.items():
        if subject is SIGNED_IN or subject in viewer.subjects:
            yield visibility, rights_of(Viewer(None, frozenset({subject})), groups, grants[subject])


def _find_visibility(readers: Iterable[tuple[Visibility, Rights]], repository: RepositoryNode) -> Visibility:
    found = (visibility for visibility, rights in readers if rights.level(repository) >= Level.READ)
    return next(found, Visibility.PRIVATE)


def _of_subject(grants: Iterable[GrantTuple], subject: Subject) -> list[GrantTuple]:
    key = subject_key(subject)
    return [grant for grant in grants if grant[0] == key]


def _grant(target: Target, subject: Subject, level: Level) -> Grant:
    grant = Grant(subject_key=subject_key(subject), target_key=target_key(place_of(target)), level=level)
    if subject.kind is SubjectKind.USER:
        grant.user_id = subject.subject_id
    elif subject.kind is SubjectKind.USER_GROUP:
        grant.user_group_id = subject.subject_id
    if isinstance(target, Repository):
        grant.repository_id = target.repository_id
    elif isinstance(target, RepositoryGroup):
        grant.repository_group_id = target.repository_group_id
    elif isinstance(target, UserGroup):
        grant.on_user_group_id = target.user_group_id
    return grant


def _require_possible(target: Target, subject: Subject, level: Level) -> None:
    if subject.kind is not SubjectKind.VISITORS:
        return
    if is_about_user_groups(target):
        raise InvalidError({"level": _("visitors know of no user groups; give it to all who are signed in")})
    if level > MOST_OF_VISITORS:
        raise InvalidError({"level": _("visitors can be given read at most; give more to all who are signed in")})


def is_about_user_groups(target: Target) -> bool:
    """Whether the target is a group of users, or all of them, where visitors have nothing."""
    return isinstance(target, UserGroup | AllUserGroups)


def place_of(target: Target) -> Place:
    """The target as something that is granted on."""
    if isinstance(target, Repository):
        return Place(PlaceKind.REPOSITORY, target.repository_id)
    if isinstance(target, RepositoryGroup):
        return Place(PlaceKind.GROUP, target.repository_group_id)
    if isinstance(target, UserGroup):
        return Place(PlaceKind.USER_GROUP, target.user_group_id)
    return PLACE_OF_USER_GROUPS if target is ALL_USER_GROUPS else PLACE_OF_SITE


def _target_name(target: Target) -> str:
    if isinstance(target, Repository):
        return f"repository:{target.path}"
    if isinstance(target, RepositoryGroup):
        return f"group:{target.path}"
    return f"user-group:{target.name}" if isinstance(target, UserGroup) else target_key(place_of(target))
