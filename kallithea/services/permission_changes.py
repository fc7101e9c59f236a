"""Changes of what is granted, asked for by somebody who saw what was granted before."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import Level, Subject, SubjectKind, Tree, Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import InvalidError
from kallithea.core.words import _
from kallithea.model.grant import Grant, parse_subject_key, subject_key
from kallithea.model.permission_matrix import grants_below
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.permissions import Permissions, Target
from kallithea.services.user_groups import UserGroups
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

    def __init__(self, session: Session, permissions: Permissions, users: Users, user_groups: UserGroups) -> None:
        self._session = session
        self._permissions = permissions
        self._users = users
        self._user_groups = user_groups

    def apply(
        self, actor: Actor, viewer: Viewer, target: Target, changes: Sequence[GrantChange], reach: Reach = Reach.HERE
    ) -> None:
        """Make the changes; the viewer needs ADMIN on the target.

        Raises NotFoundError, ForbiddenError, and ConflictError where another level is granted than was seen.
        """
        if isinstance(target, Repository):
            self._permissions.require(viewer, target, Level.ADMIN)
        else:
            self._permissions.require_group(viewer, _group_id(target), Level.ADMIN)
        if reach is Reach.BELOW and not isinstance(target, Repository):
            self._clear_below(actor, viewer, _group_id(target), [change.subject for change in changes])
        for change in changes:
            self._permissions.replace_(actor, target, change.subject, change.before, change.after)

    def find_subject(self, words: str) -> Subject:
        """Who is meant: the name of an active account or of a group of users, or ``user:NAME``, ``user-group:NAME``.

        Raises InvalidError about the field ``add``, also for a name that both an account and a group have.
        """
        user = None if words.startswith(_USER_GROUP) else self._users.find(words.removeprefix(_USER))
        group = None if words.startswith(_USER) else self._user_groups.find(words.removeprefix(_USER_GROUP))
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

    def _clear_below(self, actor: Actor, viewer: Viewer, group_id: int | None, subjects: Sequence[Subject]) -> None:
        """Take away what is granted to the subjects below a group, wherever the viewer has ADMIN."""
        tree = self._permissions.tree(viewer)
        keys = [subject_key(subject) for subject in subjects]
        for grant in self._session.scalars(grants_below(keys, _below(tree, group_id), group_id)).all():
            place = self._place(grant)
            if self._administers(viewer, place):
                self._permissions.set_(actor, place, parse_subject_key(grant.subject_key), None)

    def _place(self, grant: Grant) -> Target:
        if grant.repository_id is not None:
            return self._session.get(Repository, grant.repository_id)
        return self._session.get(RepositoryGroup, grant.repository_group_id)

    def _administers(self, viewer: Viewer, place: Target) -> bool:
        """A private repository may be out of reach of who has the group by way of all accounts."""
        if isinstance(place, Repository):
            return self._permissions.level(viewer, place) is Level.ADMIN
        return self._permissions.group_level(viewer, _group_id(place)) is Level.ADMIN


def _below(tree: Tree, group_id: int | None) -> set[int]:
    """The groups in a group, in all depths; all groups for the top of the site."""
    return {one for one in tree.groups if group_id is None or group_id in tree.parent_ids(one)}


def _group_id(target: RepositoryGroup | None) -> int | None:
    return None if target is None else target.repository_group_id
