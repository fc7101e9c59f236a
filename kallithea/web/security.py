"""Who asks, and whether they may: Pyramid's security policy."""

import datetime
from typing import Any

from pyramid.security import Allowed, Denied

from kallithea.core.access import Level
from kallithea.core.jobs import NoteUse
from kallithea.model.user_session import UserSession
from kallithea.services.scope import Services
from kallithea.web.identity import Identity
from kallithea.web.request import Request

# When a session was last seen is shown to people, who can do with an hour.
_SEEN_STEP = datetime.timedelta(hours=1)


def load_identity(request: Request, services: Services) -> Identity:
    """Who the browser's session belongs to; the viewer of visitors if to nobody."""
    session_id = request.browser_session.id
    row = services.user_sessions.find(session_id) if session_id is not None else None
    if row is None:
        return Identity(services.permissions.viewer_for(None))
    _note_use(request, row)
    user = row.user
    return Identity(
        services.permissions.viewer_for(user),
        user.user_id,
        user.name,
        user.full_name,
        user.email or "",
        user.language,
        user.time_zone,
    )


def _note_use(request: Request, row: UserSession) -> None:
    now = request.application.clock()
    if now - row.seen > _SEEN_STEP:
        request.application.later.add(NoteUse("user_session", row.user_session_id, now.isoformat()))


class SecurityPolicy:
    """A view names the level it needs; its context knows the level of who asks."""

    def identity(self, request: Request) -> Identity:
        """Who asks."""
        return request.visitor

    def authenticated_userid(self, request: Request) -> int | None:
        """The user's id, None for somebody not signed in."""
        return request.visitor.user_id

    def permits(self, request: Request, context: Any, permission: Level) -> Any:
        """Whether the context gives at least this level. Contexts of errors give every level."""
        level = getattr(context, "level", Level.ADMIN)
        return (Allowed if level >= permission else Denied)(f"level {level}, needed is {permission}")

    def remember(self, request: Request, userid: int, **options: Any) -> list[tuple[str, str]]:
        """Sessions are begun by the sign-in page, not by headers."""
        return []

    def forget(self, request: Request, **options: Any) -> list[tuple[str, str]]:
        """Sessions are ended by the sign-out page, not by headers."""
        return []
