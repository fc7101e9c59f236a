"""Who asks, with all that rights begin with: out of one statement, as ``model.user_group.with_groups`` makes them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from kallithea.core.access import VISITORS, Level, Viewer, viewer_of
from kallithea.core.allow_lists import require_allowed
from kallithea.model.setting import DOOR
from kallithea.model.user_group import ACTIVE_USER


def find_viewer(
    connection: Connection,
    user_id: int | None,
    *,
    ceiling: Level = Level.ADMIN,
    only: frozenset[int] | None = None,
    address: str | None = None,
) -> Viewer:
    """The user with this id; somebody who is not signed in where there is none or they are disabled.

    Visitors count as long as the site admits them, for users as well. Where it does not matter from where somebody
    comes, the ``address`` is None; else this raises AddressRefusedError if the site answers nobody there.
    """
    rows = [] if user_id is None else connection.execute(ACTIVE_USER, {"user_id": user_id}).all()
    door = rows[0] if rows else connection.execute(DOOR).one()
    if address is not None:
        require_allowed(address, door.site_networks)
    if rows:
        return viewer_of_rows(rows, ceiling, only)
    return Viewer(None, frozenset({VISITORS} if door.visitors else ()), ceiling=ceiling, only=only)


def viewer_of_rows(rows: Sequence[Any], ceiling: Level = Level.ADMIN, only: frozenset[int] | None = None) -> Viewer:
    """The user of at least one row, which tell ``super_administrator`` besides."""
    first = rows[0]
    return viewer_of(
        first.user_id,
        [row.group_id for row in rows if row.group_id is not None],
        visitors=bool(first.visitors),
        super_administrator=first.super_administrator,
        ceiling=ceiling,
        only=only,
    )
