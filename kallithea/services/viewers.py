"""Who asks, with all that rights begin with: out of one statement, as ``model.user_group.with_groups`` makes them."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from kallithea.core.access import MOST_OF_VISITORS, VISITORS, Level, Viewer, viewer_of
from kallithea.core.allow_lists import is_allowed, require_allowed
from kallithea.core.site_documents import Looks, unpack_looks
from kallithea.model.setting import DOOR
from kallithea.model.unchanged import find_unchanged
from kallithea.model.user_group import ACTIVE_USER


def find_viewer(
    connection: Connection,
    user_id: int | None,
    *,
    ceiling: Level = Level.ADMIN,
    only: frozenset[int] | None = None,
    address: str | None = None,
    password_version: int | None = None,
) -> Viewer:
    """The user with this id; somebody who is not signed in where there is none or they are disabled.

    The same where their password is another than that of the ``password_version``, if there is one, and where they
    may not come from the ``address``. It is None where it does not matter; else this raises AddressRefusedError if the
    site answers nobody there. Visitors count as long as the site admits them, for users as well.
    """
    rows = [] if user_id is None else connection.execute(ACTIVE_USER, {"user_id": user_id}).all()
    if rows and address is not None:
        require_allowed(address, rows[0].site_networks)
    if not rows or not _counts(rows[0], address, password_version):
        visitor, _looks = find_visitor(connection, address)
        return dataclasses.replace(visitor, ceiling=min(ceiling, MOST_OF_VISITORS), only=only)
    return viewer_of_rows(rows, ceiling, only)


def _counts(user: Any, address: str | None, password_version: int | None) -> bool:
    """Whether somebody who proved to be the user some time ago still counts as them."""
    if password_version not in (None, user.password_version):
        return False
    return address is None or is_allowed(address, user.networks)


def find_visitor(connection: Connection, address: str | None = None) -> tuple[Viewer, Looks]:
    """Somebody who is not signed in, and what pages are made with. Raises AddressRefusedError as ``find_viewer``."""
    door = find_unchanged(connection, DOOR, lambda: connection.execute(DOOR).one())
    if address is not None:
        require_allowed(address, door.site_networks)
    viewer = Viewer(None, frozenset({VISITORS} if door.visitors else ()), ceiling=MOST_OF_VISITORS)
    return viewer, unpack_looks(door.looks)


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
