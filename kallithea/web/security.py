"""Who asks, and whether they may: Pyramid's security policy."""

import datetime
from typing import Any

from pyramid.authentication import extract_http_basic_credentials
from pyramid.security import Allowed, Denied

from kallithea.core.access import Level
from kallithea.core.actor import Way
from kallithea.core.jobs import NoteUse
from kallithea.services.scope import Services
from kallithea.services.sign_in_notes import note_refused_token, note_way_in
from kallithea.services.tokens import find_feed_reader, shown_part
from kallithea.services.user_sessions import LivingSession, LivingUser
from kallithea.services.viewers import find_visitor
from kallithea.services.vouched_users import find_vouched
from kallithea.web.identity import Identity
from kallithea.web.request import Request

# When a session was last seen is shown to people, who can do with an hour.
_SEEN_STEP = datetime.timedelta(hours=1)
# A session that is short ends when it was not used for its time, but for this part of it.
_STEPS = 10


def load_identity(request: Request, services: Services) -> Identity:
    """Who the browser's session belongs to; the viewer of visitors if to nobody.

    Whoever a proxy vouches for is that user, whatever the session says. Raises AddressRefusedError if the site answers
    nobody where the request comes from.
    """
    vouched = find_vouched(request.application, request.environ)
    if vouched is not None:
        # what ties forms to this browser
        request.browser_session.ensure_id()
        user = services.user_sessions.find_vouched(vouched.name, request.address)
        if user is None:
            return _nobody(request, services)
        note_way_in(request.application, user.user_id, "proxy", Way.WEB, request.address)
        return _identity(services, user)
    request.browser_session.require_store()
    session_id = request.browser_session.id
    found = services.user_sessions.find(session_id, request.address) if session_id is not None else None
    if found is None:
        return _nobody(request, services)
    _note_use(request, found)
    return _identity(services, found.user)


def _nobody(request: Request, services: Services) -> Identity:
    viewer, looks = find_visitor(services.session.connection(), request.address)
    return Identity(viewer, looks=looks)


def _identity(services: Services, user: LivingUser) -> Identity:
    shown = (user.user_id, user.name, user.full_name, user.email, user.language, user.time_zone)
    unread = services.notifications.count_unread(user.viewer) if user.unread else 0
    return Identity(user.viewer, *shown, user.looks, unread)


def load_feed_reader(request: Request, services: Services) -> Identity | None:
    """Who has the token for feeds that a request carries: in its query, or as the password of Basic authentication."""
    basic = extract_http_basic_credentials(request)
    text = request.query.get("token") or request.query.get("api_key") or (basic.password if basic else "")
    if not text or request.method not in ("GET", "HEAD"):
        return None
    now = request.application.clock()
    found = find_feed_reader(services.session.connection(), text, now, request.address)
    if found is None:
        note_refused_token(request.application, shown_part(text), Way.WEB, request.address)
        return None
    if found.used is None or now - found.used > _SEEN_STEP:
        request.application.later.add(NoteUse("token", found.token_id, now.isoformat()))
    note_way_in(request.application, found.user_id, f"token {shown_part(text)}", Way.WEB, request.address)
    return Identity(found.viewer, found.user_id, found.name, found.name)


def _note_use(request: Request, session: LivingSession) -> None:
    now = request.application.clock()
    timeout = datetime.timedelta(seconds=request.application.settings.session_timeout)
    if now - session.seen > min(_SEEN_STEP, timeout / _STEPS):
        request.browser_session.keep()
        request.application.later.add(NoteUse("user_session", session.user_session_id, now.isoformat()))


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
