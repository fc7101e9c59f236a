"""The browsers in which somebody is signed in."""

from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request
from kallithea.web.ui.session_rows import SessionRow, list_sessions

_NAME = "_admin/my_account/sessions"
#: What the form says in the place of a number.
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """The sessions, the last seen first."""

    rows: tuple[SessionRow, ...]
    saved: str = ""


def show_sessions(context: SiteContext, request: Request) -> SessionsPage:
    """The list."""
    services = request.services
    user = services.users.get_by_id(request.visitor.member_id)
    rows = list_sessions(services, user, request.browser_session.id)
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
    number = parse_id(text)
    if number is None:
        raise NotFoundError(_("There is no such session."))
    return number
