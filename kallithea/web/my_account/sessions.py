"""The browsers in which somebody is signed in."""

import datetime
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

_NAME = "_admin/my_account/sessions"
#: What the form says in the place of a number.
_OTHERS = "others"
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session; ``client`` is what the browser says of itself, ``current`` the one that asks."""

    number: int
    client: str
    address: str
    created: datetime.datetime
    seen: datetime.datetime
    current: bool


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """The sessions, the last seen first."""

    rows: tuple[SessionRow, ...]
    saved: str = ""


def show_sessions(context: SiteContext, request: Request) -> SessionsPage:
    """The list."""
    services = request.services
    current = services.user_sessions.find(request.browser_session.id or "")
    number = current.user_session_id if current is not None else 0
    rows = tuple(
        SessionRow(row.user_session_id, row.client, row.address, row.created, row.seen, row.user_session_id == number)
        for row in services.user_sessions.list_(services.users.get_by_id(request.visitor.member_id))
    )
    return SessionsPage(rows, _("The session is ended.") if "saved" in request.query else "")


def end_session(context: SiteContext, request: Request) -> Response:
    """End one session, or all but the one that asks."""
    sessions, chosen = request.services.user_sessions, request.form.get("session", "")
    user = request.services.users.get_by_id(request.visitor.member_id)
    if chosen == _OTHERS:
        sessions.revoke_others(request.actor, user, request.browser_session.id or "")
    else:
        sessions.revoke(request.actor, sessions.get(user.user_id, _parse_number(chosen)))
    return redirect(request.links.page(_NAME, saved=1))


def _parse_number(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise NotFoundError(_("There is no such session."))
    return int(text)
