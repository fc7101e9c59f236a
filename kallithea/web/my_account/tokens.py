"""The tokens with which one's programs sign in."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.words import Text, _, _n
from kallithea.services.scope import Services
from kallithea.services.token_binding import resolve_paths
from kallithea.services.tokens import Scope
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request
from kallithea.web.ui.fields import TextField
from kallithea.web.ui.token_rows import SCOPES, ScopeChoice, TokenRow, list_tokens

_NAME = "_admin/my_account/api_keys"
#: Days for which a token may count; 0 stands for ever.
_LIFETIMES = (7, 30, 90, 365, 0)
_USUAL_DAYS = "90"


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
    scopes: tuple[ScopeChoice, ...] = SCOPES

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
    saved = _("The token is revoked.") if "saved" in request.query else ""
    return TokensPage(_list(request, request.services), TokenForm(), saved)


def create_token(context: SiteContext, request: Request) -> TokensPage | Response:
    """Make a token and show its text, or say what is wrong."""
    form = _read_form(request)

    def change() -> TokensPage:
        with writing(request.application) as services:
            user = services.users.get_by_id(request.visitor.member_id)
            _token, text = services.tokens.create(
                request.actor,
                user,
                description=form.description,
                scopes=form.scopes,
                expires=_find_end(form.days, services.now),
                repositories=resolve_paths(services, request.visitor.viewer, form.repositories.splitlines()),
            )
            return TokensPage(_list(request, services), TokenForm(), made=text)

    def show_again(services: Services, problems: Mapping[str, str]) -> TokensPage:
        return TokensPage(_list(request, services), form, problems=problems)

    return change_or_show_again(request, change, show_again)


def revoke_token(context: SiteContext, request: Request) -> Response:
    """Delete a token."""
    number, services = parse_id(request.form.get("token", "")), request.services
    if number is None:
        raise NotFoundError(_("There is no such token."))
    user = services.users.get_by_id(request.visitor.member_id)
    services.tokens.revoke(request.actor, services.tokens.get(user, number))
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


def _list(request: Request, services: Services) -> tuple[TokenRow, ...]:
    user = services.users.get_by_id(request.visitor.member_id)
    return list_tokens(services, request.visitor.viewer, user)
