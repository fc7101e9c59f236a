"""The list of all repositories, for whoever administers the site."""

import datetime
import enum
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from kallithea.core.names import name_key
from kallithea.model.location import Location, locations_below
from kallithea.model.repository import Repository
from kallithea.model.repository_inventory import HAS_REMOTE, IS_FORK, InventoryTuple, count_inventory, inventory
from kallithea.model.repository_list import mentions
from kallithea.model.user import User
from kallithea.vcs.types import Kind


class RepositoryState(enum.StrEnum):
    """Which repositories a list holds. UNOWNED are those whose owner's account is gone."""

    ALL = "all"
    PRIVATE = "private"
    FORKS = "forks"
    REMOTE = "remote"
    UNOWNED = "unowned"


@dataclass(frozen=True, slots=True)
class InventoryFilter:
    """Which repositories are meant; what is empty or None does not matter.

    ``words`` are part of the path, the description or the owner's name; ``group`` is the path of one, with all that is
    in it; ``owner`` a whole name.
    """

    words: str = ""
    kind: Kind | None = None
    state: RepositoryState = RepositoryState.ALL
    group: str = ""
    owner: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """What holds for the repositories."""
        if self.words:
            yield mentions(self.words)
        if self.kind is not None:
            yield Repository.kind == self.kind.value
        if self.state is not RepositoryState.ALL:
            yield _STATES[self.state]
        if self.group:
            yield locations_below(self.group)
        if self.owner:
            yield User.name_key == name_key(self.owner)


_STATES: dict[RepositoryState, ColumnElement[bool]] = {
    RepositoryState.PRIVATE: Repository.private.is_(True),
    RepositoryState.FORKS: IS_FORK,
    RepositoryState.REMOTE: HAS_REMOTE,
    RepositoryState.UNOWNED: Repository.owner_id.is_(None),
}


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """A repository. ``owner`` is a user's name, empty where there is none."""

    repository_id: int
    path_key: str
    path: str
    kind: str
    private: bool
    owner: str
    created: datetime.datetime
    updated: datetime.datetime
    is_fork: bool
    has_remote: bool


class RepositoryInventory:
    """Asks for a page with two statements, however many repositories there are."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list_(
        self, chosen: InventoryFilter, *, offset: int = 0, limit: int = 100
    ) -> tuple[tuple[InventoryRow, ...], int]:
        """A page in the order of the paths, and how many there are in all."""
        conditions = tuple(chosen.conditions())
        found = self._session.execute(inventory(*conditions).offset(offset).limit(limit)).all()
        return tuple(map(_row, found)), self._session.scalar(count_inventory(*conditions)) or 0

    def list_after(self, chosen: InventoryFilter, path_key: str, *, limit: int) -> tuple[InventoryRow, ...]:
        """The next ones after a path: for tables that are read in several units."""
        after = inventory(*chosen.conditions(), Location.path_key > path_key).limit(limit)
        return tuple(map(_row, self._session.execute(after).all()))


def _row(values: InventoryTuple) -> InventoryRow:
    repository_id, path_key, path, kind, private, owner, created, updated, is_fork, has_remote = values
    return InventoryRow(
        repository_id, path_key, path, kind, private, owner or "", created, updated, bool(is_fork), bool(has_remote)
    )
