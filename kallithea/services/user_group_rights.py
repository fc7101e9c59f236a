"""Who may do what with groups of users: loads what concerns a viewer, and lets ``core.access`` decide.

READ is to know of a group: to see who is in it, and to grant it something. WRITE is to put accounts in and take them
out, ADMIN everything else. The owner, and administrators of the site, have admin.
"""

import collections
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import Session

from kallithea.core.access import Grants, Level, Subject, Tree, UserGroupNode, Viewer
from kallithea.core.errors import ForbiddenError, NotFoundError
from kallithea.core.explanation import USER_GROUPS, Place, PlaceKind
from kallithea.core.words import _
from kallithea.model.grant import GIVEN_ON_USER_GROUPS, parse_subject_key, parse_target_key, to_subjects
from kallithea.model.user_group import UserGroup
from kallithea.services.rows import plain_rows

_NOTHING: Grants = {}


@dataclass(frozen=True, slots=True)
class OnUserGroups:
    """A viewer's rights on all groups of users; ``grants`` are those to the viewer on each group, by its id."""

    tree: Tree
    grants: dict[int, dict[Subject, Level]]

    def level(self, user_group_id: int, owner_id: int | None) -> Level:
        """The viewer's level on a group."""
        own = self.grants.get(user_group_id, _NOTHING)
        return self.tree.user_group_level(UserGroupNode(user_group_id, owner_id, own))

    def has(self, level: Level) -> ColumnElement[bool]:
        """A condition on UserGroup that holds for exactly those on which the viewer has at least this level."""
        default = self.level(0, None) >= level
        apart = {one for one in self.grants if (self.level(one, None) >= level) is not default}
        named = UserGroup.user_group_id.in_(sorted(apart)) if apart else false()
        viewer = self.tree.viewer
        owned = viewer.user_id is not None and viewer.only is None and viewer.ceiling >= level
        mine = UserGroup.owner_id == viewer.user_id if owned else false()
        return or_(mine, ~named if default else named)


class UserGroupRights:
    """Answers about rights on groups of users, each with one statement, whether there is such a group or not."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def load(self, viewer: Viewer) -> OnUserGroups:
        """The viewer's rights on all groups."""
        grants: dict[Place, dict[Subject, Level]] = collections.defaultdict(dict)
        if not viewer.super_administrator:
            rows = plain_rows(self._session, GIVEN_ON_USER_GROUPS, to_subjects(viewer.subjects))
            for subject, level, target in rows:
                grants[parse_target_key(target)][parse_subject_key(subject)] = Level(level)
        on_each = {place.place_id: given for place, given in grants.items() if place.kind is PlaceKind.USER_GROUP}
        return OnUserGroups(Tree(viewer, (), grants.get(USER_GROUPS, _NOTHING)), on_each)

    def has(self, viewer: Viewer, level: Level) -> ColumnElement[bool]:
        """A condition on UserGroup that holds for exactly those on which the viewer has at least this level."""
        return self.load(viewer).has(level)

    def find(self, viewer: Viewer, group: UserGroup | None) -> tuple[UserGroup, Level]:
        """The group, if there is one, and the viewer's level on it. Raises NotFoundError below READ."""
        rights = self.load(viewer)
        found = Level.NONE if group is None else rights.level(group.user_group_id, group.owner_id)
        if group is None or found < Level.READ:
            raise NotFoundError(_("There is no such user group."))
        return group, found

    def require(self, viewer: Viewer, group: UserGroup | None, level: Level) -> UserGroup:
        """The group, if there is one. Raises ForbiddenError below the level, and NotFoundError below READ."""
        known, found = self.find(viewer, group)
        _require(found, level)
        return known

    def require_all(self, viewer: Viewer, level: Level) -> None:
        """Raise ForbiddenError if the viewer's level on all groups is below this."""
        _require(self.load(viewer).level(0, None), level)


def _require(found: Level, needed: Level) -> None:
    if found < needed:
        raise ForbiddenError(
            _("This needs the right to %(needed)s here; yours is %(found)s.", needed=needed.text, found=found.text)
        )
