"""Lists of the repositories that somebody may read."""

import datetime
import enum
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func
from sqlalchemy.orm import Session

from kallithea.core.access import RepositoryNode, Viewer, Visibility
from kallithea.model.location import Location
from kallithea.model.readable import in_groups
from kallithea.model.repository import Repository
from kallithea.model.repository_list import (
    RepositoryTuple,
    followed_first,
    is_followed_by,
    mentions,
    page_of,
    repository_count,
    repository_rows,
)
from kallithea.model.user import User
from kallithea.services.permissions import Permissions
from kallithea.services.repository_activity import recent_weeks
from kallithea.vcs.types import Kind


class Everywhere(enum.Enum):
    """Type of ALL."""

    ALL = enum.auto()


#: In the place of a group's id: wherever they lie.
ALL = Everywhere.ALL

#: In what order lists are: by path, by owner's name, the last changed first, those that the viewer follows before that.
Order: TypeAlias = Literal["path", "owner", "updated", "followed"]


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository as lists show it. ``owner`` is a user's name, empty where the owner's account is gone.

    ``followed``: whether the viewer follows it. ``weeks`` counts the commits in each of the last weeks, the oldest week
    first; it is empty where that is not known or shall not be shown.
    """

    repository_id: int
    kind: Kind
    path: str
    name: str
    description: str
    private: bool
    visibility: Visibility
    updated: datetime.datetime
    owner: str
    followed: bool = False
    weeks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RepositoryList:
    """One page of a list. ``total`` counts what all pages together hold."""

    rows: tuple[RepositoryRow, ...]
    total: int


class RepositoryLists:
    """Asks for a page of a list with one statement, beside those for the viewer's rights."""

    def __init__(self, session: Session, now: datetime.datetime, permissions: Permissions) -> None:
        self._session = session
        self._now = now
        self._permissions = permissions

    def list_(  # noqa: PLR0913  # what a list can be asked for
        self,
        viewer: Viewer,
        *,
        group_id: int | Literal[Everywhere.ALL] | None = ALL,
        recursive: bool = False,
        owned: bool = False,
        followed: bool = False,
        filter: str = "",  # noqa: A002  # the word of the page
        kind: Kind | None = None,
        visibility: Visibility | None = None,
        fork_of_id: int | None = None,
        sort: Order = "path",
        backwards: bool = False,
        offset: int = 0,
        limit: int = 100,
    ) -> RepositoryList:
        """A page of the repositories that the viewer may read.

        ``group_id`` None means those in no group; ``recursive`` adds those in its sub-groups; ``owned`` and
        ``followed`` leave those that the viewer owns or follows. ``filter`` is a part of the path, the description or
        the owner's name, whatever its case; ``fork_of_id`` asks for the forks of one. ``backwards`` turns the order
        round, but for the one that begins with what is followed.
        """
        condition = and_(
            self._permissions.readable(viewer),
            *self._in_group(viewer, group_id, recursive=recursive),
            *([mentions(filter)] if filter else []),
            *([Repository.kind == kind.value] if kind else []),
            *([self._permissions.has_visibility(viewer, visibility)] if visibility else []),
            *([Repository.owner_id == viewer.user_id] if owned else []),
            *([is_followed_by(viewer.user_id)] if followed else []),
            *([Repository.fork_of_id == fork_of_id] if fork_of_id is not None else []),
        )
        rows, span = repository_rows(condition, viewer.user_id), range(offset, offset + limit)
        count = repository_count(condition, by_names=bool(filter))
        if sort == "followed":
            page = followed_first(rows, count, viewer.user_id, span)
        else:
            page = page_of(rows, count, _order(sort, backwards=backwards), span)
        found = self._session.execute(page).all()
        total = found[0][-1] if found else 0
        if offset and not found:
            # Behind the last page there is no row to say how many there are.
            total = self._session.scalar(count) or 0
        nodes = [RepositoryNode(row[0], row[1], None, row[5]) for row in found]
        visibilities = self._permissions.visibilities(viewer, nodes)
        return RepositoryList(tuple(_row(row[:-1], visibilities[row[0]], self._now) for row in found), total)

    def _in_group(
        self, viewer: Viewer, group_id: int | Literal[Everywhere.ALL] | None, *, recursive: bool
    ) -> list[ColumnElement[bool]]:
        if isinstance(group_id, Everywhere) or (group_id is None and recursive):
            return []
        if group_id is None:
            return [Repository.group_id.is_(None)]
        tree = self._permissions.tree(viewer)
        below = [child for child in tree.groups if recursive and group_id in tree.parent_ids(child)]
        return [in_groups([group_id, *below])]


def _order(sort: Order, *, backwards: bool) -> tuple[SQLColumnExpression[Any], ...]:
    """Columns by which a list is sorted, before the paths."""
    if sort == "path":
        return (Location.path_key.desc(),) if backwards else ()
    column = Repository.updated if sort == "updated" else func.coalesce(User.name_key, "")
    # what changed last comes first
    falling = (sort == "updated") is not backwards
    return (column.desc() if falling else column.asc(),)


def _row(values: RepositoryTuple, visibility: Visibility, now: datetime.datetime) -> RepositoryRow:
    repository_id, _, kind, path, description, private, updated, owner, monday, weeks, followed = values
    name = path.rpartition("/")[2]
    return RepositoryRow(
        repository_id,
        Kind(kind),
        path,
        name,
        description,
        private,
        visibility,
        updated,
        owner or "",
        bool(followed),
        recent_weeks(monday, weeks, now),
    )
