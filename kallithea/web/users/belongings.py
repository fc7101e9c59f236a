"""What belongs to an account, and taking it away: sessions, tokens, memberships; what it owns, what it did lately."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup
from kallithea.services.audit import AuditFilter
from kallithea.services.user_group_lists import UserGroupList
from kallithea.services.user_removal import Belongings
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request
from kallithea.web.ui.audit_rows import AuditRow, make_audit_row
from kallithea.web.ui.session_rows import SessionRow, list_sessions
from kallithea.web.ui.token_rows import TokenRow, list_tokens
from kallithea.web.users.finding import get_user

PAGE = "_admin/users/belongings"

#: What the form says in the place of a number.
_ALL = "all"
#: Entries of the audit log, and user groups that the account owns.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class BelongingsPage:
    """Everything, of what there may be much the first. ``done``: something has just been taken away.

    ``by`` are entries about what the account did, ``about`` those about the account itself.
    """

    user_id: int
    name: str
    active: bool
    done: bool
    sessions: tuple[SessionRow, ...]
    tokens: tuple[TokenRow, ...]
    groups: Sequence[UserGroup]
    owned: Belongings
    owned_groups: UserGroupList
    by: tuple[AuditRow, ...]
    about: tuple[AuditRow, ...]


def show_belongings(context: SiteContext, request: Request) -> BelongingsPage:
    """All that belongs to the account."""
    services = request.services
    user = get_user(context, services)
    by, about = AuditFilter(actor=user.name), AuditFilter(exact_target=f"user:{user.name}")
    return BelongingsPage(
        user.user_id,
        user.name,
        user.active,
        "saved" in request.query,
        list_sessions(services, user, request.browser_session.id),
        list_tokens(services, request.visitor.viewer, user),
        services.user_groups.list_of(user),
        services.user_removal.belongings(user),
        services.user_group_lists.list_of_owner(user.user_id, limit=_SHOWN),
        tuple(map(make_audit_row, services.audit.list_(by, limit=_SHOWN))),
        tuple(map(make_audit_row, services.audit.list_(about, limit=_SHOWN))),
    )


def end_session(context: SiteContext, request: Request) -> Response:
    """End one session of the account, or all but the one that asks."""
    user, chosen = get_user(context, request.services), request.form.get("session", "")
    sessions = request.services.user_sessions
    if chosen == _ALL:
        sessions.revoke_others(request.actor, user, request.browser_session.id or "")
    else:
        sessions.revoke(request.actor, sessions.get(user.user_id, parse_id(chosen) or 0))
    return _go_on(request, user)


def revoke_token(context: SiteContext, request: Request) -> Response:
    """Delete a token of the account."""
    user, tokens = get_user(context, request.services), request.services.tokens
    tokens.revoke(request.actor, tokens.get(user, parse_id(request.form.get("token", "")) or 0))
    return _go_on(request, user)


def leave_group(context: SiteContext, request: Request) -> Response:
    """Take the account out of a group of users."""
    user, groups = get_user(context, request.services), request.services.user_groups
    group = groups.find_by_id(parse_id(request.form.get("user_group", "")) or 0)
    if group is None:
        raise NotFoundError(_("There is no such user group."))
    groups.remove(request.actor, group, user)
    return _go_on(request, user)


def _go_on(request: Request, user: User) -> Response:
    return redirect(request.links.page(f"{PAGE}/{user.user_id}", saved=1))
