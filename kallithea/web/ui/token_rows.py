"""Tokens as lists show them: to who has them, and to who administers the site."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Viewer
from kallithea.core.words import _
from kallithea.model.token import Token
from kallithea.model.user import User
from kallithea.services.scope import Services
from kallithea.services.token_binding import find_paths
from kallithea.services.tokens import Scope, find_binding


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """What a token may be used for, and what that means."""

    scope: Scope
    label: str
    meaning: str


SCOPES = (
    ScopeChoice(Scope.READ, _("Read repositories"), _("Clone and pull")),
    ScopeChoice(Scope.WRITE, _("Write to repositories"), _("Push as well")),
    ScopeChoice(Scope.ADMIN, _("Administer repositories"), _("Everything that you may do with them")),
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


def list_tokens(services: Services, viewer: Viewer, user: User) -> tuple[TokenRow, ...]:
    """The user's tokens, newest first, with what the viewer may read of what they are bound to."""
    rows = services.tokens.list_(user)
    bindings = {row.token_id: find_binding(row.repository_ids) for row in rows}
    ids = {number for bound in bindings.values() for number in bound or ()}
    paths = find_paths(services, viewer, ids)
    return tuple(_make_row(row, bindings[row.token_id], paths, services.now) for row in rows)


def _make_row(row: Token, bound: frozenset[int] | None, paths: Mapping[int, str], now: datetime.datetime) -> TokenRow:
    known = sorted(paths[number] for number in bound or () if number in paths)
    return TokenRow(
        row.token_id,
        row.description,
        row.prefix,
        tuple(choice.label for choice in SCOPES if choice.scope in row.scopes.split()),
        bound is not None,
        tuple(known),
        len(bound or ()) - len(known),
        row.expires,
        row.expires is not None and row.expires <= now,
        row.used,
    )
