"""Sessions as lists show them: to whose they are, and to who administers the site."""

import datetime
from dataclasses import dataclass

from kallithea.model.user import User
from kallithea.services.scope import Services


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; ``client`` is what the browser says of itself, ``current`` the one that asks."""

    number: int
    client: str
    address: str
    created: datetime.datetime
    seen: datetime.datetime
    current: bool


def list_sessions(services: Services, user: User, session_id: str | None) -> tuple[SessionRow, ...]:
    """The user's sessions, the last seen first; ``session_id`` is that of the browser that asks."""
    current = services.user_sessions.find(session_id or "")
    number = current.user_session_id if current is not None else 0
    return tuple(
        SessionRow(row.user_session_id, row.client, row.address, row.created, row.seen, row.user_session_id == number)
        for row in services.user_sessions.list_(user)
    )
