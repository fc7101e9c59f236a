"""Changes of what is granted, asked for by somebody who saw what was granted before."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Subject, SubjectKind, Tree, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.model.grant import SITE, USER_GROUPS, Grant, group_key, parse_subject_key, subject_key, target_key
from kallithea.model.permission_matrix import grants_below, grants_on_each_user_group
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup, user_group_by_name
from kallithea.services.permissions import (
    ALL_USER_GROUPS,
    AllUserGroups,
    Permissions,
    Target,
    is_about_user_groups,
    place_of,
)
from kallithea.services.user_group_rights import UserGroupRights
from kallithea.services.users import Users

_USER, _USER_GROUP = "user:", "user-group:"


@dataclass(frozen=True, slots=True)
class GrantChange:
    """A level for a subject, None to let what is farther off count. ``before`` is what somebody saw there."""

    subject: Subject
    before: Level | None
    after: Level | None


class Reach(enum.StrEnum):
    """Where a change counts: HERE, so that nearer grants below stay, or BELOW, so that those are taken away."""

    HERE = "here"
    BELOW = "below"


class PermissionChanges:
    """Changes grants of a target, all or none, if they still are what somebody saw."""

    def __init__(
        self, session: Session, permissions: Permissions, users: Users, user_group_rights: UserGroupRights
    ) -> None:
        self._session = session
        self._permissions = permissions
        self._users = users
        self._user_group_rights = user_group_rights

    def apply(
        self, actor: Actor, viewer: Viewer, target: Target, changes: Sequence[GrantChange], reach: Reach = Reach.HERE
    ) -> None:
        """Make the changes; the viewer needs ADMIN on the target.

        Raises NotFoundError, ForbiddenError, ConflictError where another level is granted than was seen, and
        InvalidError about the field ``level`` for a subject that the viewer cannot know of.
        """
        self._require_admin(viewer, target)
        subjects = [change.subject for change in changes]
        self._require_known(viewer, target, subjects)
        if reach is Reach.BELOW:
            for place, subject in self._find_below(viewer, target, subjects):
                self._permissions.set_(actor, place, subject, None)
        for change in changes:
            self._permissions.replace_(actor, target, change.subject, change.before, change.after)

    def find_subject(self, viewer: Viewer, words: str) -> Subject:
        """Who is meant: the name of an active account or of a group of users, or ``user:NAME``, ``user-group:NAME``.

        A group that the viewer may not know of is like one that does not exist. Raises InvalidError about the field
        ``add``, also for a name that both an account and a group have.
        """
        user = None if words.startswith(_USER_GROUP) else self._users.find(words.removeprefix(_USER))
        group = None if words.startswith(_USER) else self._find_group(viewer, words.removeprefix(_USER_GROUP))
        if user is not None and user.active:
            if group is not None:
                raise InvalidError(
                    {"add": _("an account and a user group have this name; write user:NAME or user-group:NAME")}
                )
            return Subject(SubjectKind.USER, user.user_id)
        if group is None:
            raise InvalidError(
                {"add": _("there is no active account and no user group '%(name)s'; write the whole name", name=words)}
            )
        return Subject(SubjectKind.USER_GROUP, group.user_group_id)

    def _find_group(self, viewer: Viewer, name: str) -> UserGroup | None:
        known = self._user_group_rights.has(viewer, Level.READ)
        return self._session.scalar(user_group_by_name(name).where(known))

    def _require_admin(self, viewer: Viewer, target: Target) -> None:
        if isinstance(target, Repository):
            self._permissions.require(viewer, target, Level.ADMIN)
        elif isinstance(target, UserGroup):
            self._user_group_rights.require(viewer, target, Level.ADMIN)
        elif target is ALL_USER_GROUPS:
            self._user_group_rights.require_all(viewer, Level.ADMIN)
        else:
            self._permissions.require_group(viewer, _group_id(target), Level.ADMIN)

    def _require_known(self, viewer: Viewer, target: Target, subjects: Sequence[Subject]) -> None:
        """Raise InvalidError for whoever is neither offered to the viewer nor in the matrix of the target.

        Forms name subjects by their ids, which anybody can guess.
        """
        named = {subject for subject in subjects if not subject.built_in}
        users, groups = (
            {one.subject_id for one in named if one.kind is kind} for kind in (SubjectKind.USER, SubjectKind.USER_GROUP)
        )
        if users:
            active = select(User.user_id).where(User.user_id.in_(users), User.active)
            named -= {Subject(SubjectKind.USER, user_id) for user_id in self._session.scalars(active)}
        if groups:
            known = self._user_group_rights.has(viewer, Level.READ)
            found = select(UserGroup.user_group_id).where(UserGroup.user_group_id.in_(groups), known)
            named -= {Subject(SubjectKind.USER_GROUP, group_id) for group_id in self._session.scalars(found)}
        if named and not named <= self._granted_around(viewer, target):
            raise InvalidError({"level": _("Somebody in the form does not exist, or exists no more.")})

    def _granted_around(self, viewer: Viewer, target: Target) -> set[Subject]:
        top = USER_GROUPS if is_about_user_groups(target) else SITE
        keys = {top, target_key(place_of(target))}
        group_id = target.group_id if isinstance(target, Repository) else _group_id(target)
        if group_id is not None:
            keys |= {group_key(one) for one in (group_id, *self._permissions.tree(viewer).parent_ids(group_id))}
        granted = select(Grant.subject_key).where(Grant.target_key.in_(keys))
        return {parse_subject_key(key) for key in self._session.scalars(granted)}

    def _find_below(
        self, viewer: Viewer, target: Target, subjects: Sequence[Subject]
    ) -> Iterator[tuple[Target, Subject]]:
        """What is granted to the subjects below the target, wherever the viewer has ADMIN."""
        keys = [subject_key(subject) for subject in subjects]
        if isinstance(target, AllUserGroups):
            below = grants_on_each_user_group(keys)
        elif target is None or isinstance(target, RepositoryGroup):
            group_id = _group_id(target)
            below = grants_below(keys, _below(self._permissions.tree(viewer), group_id), group_id)
        else:
            return
        for grant in self._session.scalars(below).all():
            place = self._place(grant)
            if self._administers(viewer, place):
                yield place, parse_subject_key(grant.subject_key)

    def _place(self, grant: Grant) -> Target:
        if grant.repository_id is not None:
            return self._session.get(Repository, grant.repository_id)
        if grant.on_user_group_id is not None:
            return self._session.get(UserGroup, grant.on_user_group_id)
        return self._session.get(RepositoryGroup, grant.repository_group_id)

    def _administers(self, viewer: Viewer, place: Target) -> bool:
        """A private repository may be out of reach of who has the group by way of all accounts."""
        if isinstance(place, Repository):
            return self._permissions.level(viewer, place) is Level.ADMIN
        if isinstance(place, UserGroup | AllUserGroups):
            return True
        return self._permissions.group_level(viewer, _group_id(place)) is Level.ADMIN


def _below(tree: Tree, group_id: int | None) -> set[int]:
    """The groups in a group, in all depths; all groups for the top of the site."""
    return {one for one in tree.groups if group_id is None or group_id in tree.parent_ids(one)}


def _group_id(target: Target) -> int | None:
    return target.repository_group_id if isinstance(target, RepositoryGroup) else None
