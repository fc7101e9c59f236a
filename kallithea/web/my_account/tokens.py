"""The tokens with which one's programs sign in."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.words import Text, _, _n
from kallithea.model.token import Token
from kallithea.services.token_binding import find_paths, resolve_paths
from kallithea.services.tokens import Scope, find_binding
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField

_NAME = "_admin/my_account/api_keys"
_MOST_DIGITS = 9
#: Days for which a token may count; 0 stands for ever.
_LIFETIMES = (7, 30, 90, 365, 0)
_USUAL_DAYS = "90"


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """What a token may be used for, and what that means."""

    scope: Scope
    label: str
    meaning: str


_SCOPES = (
    ScopeChoice(Scope.READ, _("Read repositories"), _("Clone and pull")),
    ScopeChoice(Scope.WRITE, _("Write to repositories"), _("Push as well")),
    ScopeChoice(Scope.ADMIN, _("Administer repositories"), _("Everything that you may do with them")),
    ScopeChoice(Scope.API, _("Call the API"), _("Programs that ask this site")),
    ScopeChoice(Scope.FEED, _("Read feeds"), _("Feed readers, which cannot sign in otherwise")),
)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token; ``paths`` are those of the repositories that it is bound to, ``lost`` counts its others."""

    number: int
    description: str
    prefix: str
    scopes: tuple[str, ...]
    bound: bool
    paths: tuple[str, ...]
    lost: int
    expires: datetime.datetime | None
    expired: bool
    used: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class TokenForm:
    """What was typed. ``days`` is one of the lifetimes, as text."""

    description: str = ""
    days: str = _USUAL_DAYS
    scopes: frozenset[str] = frozenset({Scope.READ, Scope.WRITE})
    repositories: str = ""


@dataclass(frozen=True, slots=True)
class TokensPage:
    """The list and the form. ``made`` is the text of a token that has just been made, which is shown once."""

    rows: tuple[TokenRow, ...]
    form: TokenForm
    saved: str = ""
    made: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[ScopeChoice, ...] = _SCOPES

    @property
    def description(self) -> TextField:
        """What the token is called."""
        problem = self.problems.get("description", "")
        return TextField("description", _("Name"), self.form.description, problem, required=True)

    @property
    def lifetimes(self) -> list[tuple[str, Text]]:
        """Values and words of the choice of days."""
        return [
            (str(days), _n("In %(count)s day", "In %(count)s days", days) if days else _("Never"))
            for days in _LIFETIMES
        ]


def show_tokens(context: SiteContext, request: Request) -> TokensPage:
    """The list, and an empty form."""
    return TokensPage(_list(request), TokenForm(), _("The token is revoked.") if "saved" in request.query else "")


def create_token(context: SiteContext, request: Request) -> TokensPage:
    """Make a token and show its text, or say what is wrong."""
    form, services = _read_form(request), request.services
    user = services.users.get_by_id(request.visitor.member_id)
    try:
        bound = resolve_paths(services, request.visitor.viewer, form.repositories.splitlines())
        _token, text = services.tokens.create(
            request.actor,
            user,
            description=form.description,
            scopes=form.scopes,
            expires=_find_end(form.days, services.now),
            repositories=bound,
        )
    except InvalidError as problem:
        request.response.status_int = 422
        return TokensPage(_list(request), form, problems=problem.problems)
    return TokensPage(_list(request), TokenForm(), made=text)


def revoke_token(context: SiteContext, request: Request) -> Response:
    """Delete a token."""
    number, services = request.form.get("token", ""), request.services
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise NotFoundError(_("There is no such token."))
    user = services.users.get_by_id(request.visitor.member_id)
    services.tokens.revoke(request.actor, services.tokens.get(user, int(number)))
    return redirect(request.links.page(_NAME, saved=1))


def _read_form(request: Request) -> TokenForm:
    form = request.form
    return TokenForm(
        form.get("description", "").strip(),
        form.get("lifetime", ""),
        frozenset(scope for scope in Scope if form.get(f"scope-{scope}")),
        form.get("repositories", ""),
    )


def _find_end(days: str, now: datetime.datetime) -> datetime.datetime | None:
    if days not in map(str, _LIFETIMES):
        raise InvalidError({"expires": _("choose one of these")})
    return now + datetime.timedelta(days=int(days)) if days != "0" else None


def _list(request: Request) -> tuple[TokenRow, ...]:
    services = request.services
    rows = services.tokens.list_(services.users.get_by_id(request.visitor.member_id))
    bindings = {row.token_id: find_binding(row.repository_ids) for row in rows}
    ids = {number for bound in bindings.values() for number in bound or ()}
    paths = find_paths(services, request.visitor.viewer, ids)
    return tuple(_make_row(row, bindings[row.token_id], paths, services.now) for row in rows)


def _make_row(row: Token, bound: frozenset[int] | None, paths: Mapping[int, str], now: datetime.datetime) -> TokenRow:
    known: Sequence[str] = sorted(paths[number] for number in bound or () if number in paths)
    return TokenRow(
        row.token_id,
        row.description,
        row.prefix,
        tuple(choice.label for choice in _SCOPES if choice.scope in row.scopes.split()),
        bound is not None,
        tuple(known),
        len(bound or ()) - len(known),
        row.expires,
        row.expires is not None and row.expires <= now,
        row.used,
    )
