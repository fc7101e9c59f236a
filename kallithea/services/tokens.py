"""API tokens, which hg and git accept in the place of a password."""

import datetime
import enum
import functools
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import Actor
from kallithea.core.allow_lists import is_allowed, require_allowed
from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.words import _, _n
from kallithea.model.token import BY_DIGEST, Token
from kallithea.model.unchanged import find_unchanged
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.viewers import viewer_of_rows

#: Every token begins so: people and scanners of leaked secrets recognise it.
PREFIX = "kat_"

_RANDOM_BYTES = 20
_LONGEST_DESCRIPTION = 255
_SHOWN = len(PREFIX) + 6
#: Tokens of one user.
_MOST = 200
_REMEMBERED = 1000


class Scope(enum.StrEnum):
    """What a token may be used for. The first three bound the level on every repository and group."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    FEED = "feed"


_CEILINGS = ((Scope.ADMIN, Level.ADMIN), (Scope.WRITE, Level.WRITE), (Scope.READ, Level.READ))


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token it is, with the user's rights as far as the token gives them. ``used``: when it last was."""

    token_id: int
    used: datetime.datetime | None
    user_id: int
    name: str
    viewer: Viewer


def ceiling(scopes: str) -> Level:
    """The highest level that a token with these scopes can give; its user's own level bounds it as well."""
    words = scopes.split()
    return next((level for scope, level in _CEILINGS if scope in words), Level.NONE)


def find_bearer(connection: Connection, text: str, now: datetime.datetime, address: str | None = None) -> Bearer | None:
    """Who has the token with this text, if it has not expired and its user is active; one statement.

    Where the ``address`` matters from which it is used, it is None unless the account may be used there, and this
    raises AddressRefusedError if the site answers nobody there.
    """
    rows = _find_living(connection, text, now, address)
    return _bearer(rows) if rows else None


def find_feed_reader(connection: Connection, text: str, now: datetime.datetime, address: str) -> Bearer | None:
    """The same of a token with the scope of feeds, who then reads whatever its user and its binding let it read."""
    rows = _find_living(connection, text, now, address)
    return _feed_reader(rows) if rows and Scope.FEED in rows[0].scopes.split() else None


def _find_living(
    connection: Connection, text: str, now: datetime.datetime, address: str | None
) -> tuple[Any, ...] | None:
    digest = _digest(text)
    rows = find_unchanged(connection, (BY_DIGEST, digest), lambda: _find_rows(connection, digest))
    if not rows or not _is_living(rows[0], now):
        return None
    if address is not None:
        require_allowed(address, rows[0].site_networks)
        if not is_allowed(address, rows[0].networks):
            return None
    return rows


def _find_rows(connection: Connection, digest: bytes) -> tuple[Any, ...]:
    return tuple(connection.execute(BY_DIGEST, {"digest": digest}).all())


def _is_living(token: Any, now: datetime.datetime) -> bool:
    return token.expires is None or token.expires > now


@functools.lru_cache(maxsize=_REMEMBERED)
def _bearer(rows: tuple[Any, ...]) -> Bearer:
    """What follows from nothing but these rows, which polls get again and again."""
    row = rows[0]
    viewer = viewer_of_rows(rows, ceiling(row.scopes), find_binding(row.repository_ids))
    return Bearer(row.token_id, row.used, row.user_id, row.name, viewer)


@functools.lru_cache(maxsize=_REMEMBERED)
def _feed_reader(rows: tuple[Any, ...]) -> Bearer:
    row = rows[0]
    viewer = viewer_of_rows(rows, Level.READ, find_binding(row.repository_ids))
    return Bearer(row.token_id, row.used, row.user_id, row.name, viewer)


def shown_part(text: str) -> str:
    """How a token begins, as lists show it; of what cannot be a token, no more than that it was to be one."""
    return text[:_SHOWN] if len(text) == len(PREFIX) + 2 * _RANDOM_BYTES else PREFIX


def find_binding(repository_ids: str | None) -> frozenset[int] | None:
    """The ids of the repositories that a token is bound to; None where it is bound to none."""
    return None if repository_ids is None else frozenset(map(int, repository_ids.split()))


class Tokens:
    """Creates, lists and revokes tokens: 160 random bits, of which only the SHA-256 is kept."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

    def create(
        self,
        actor: Actor,
        user: User,
        *,
        description: str = "",
        scopes: Collection[str] = (Scope.READ, Scope.WRITE),
        expires: datetime.datetime | None = None,
        repositories: Mapping[int, str] | None = None,
    ) -> tuple[Token, str]:
        """A new token, and its text, which cannot be had again. Raises InvalidError.

        ``repositories`` are the paths, by id, of those that it is bound to; None binds it to none.
        """
        self._check(description, scopes, expires)
        self._require_room(user)
        text = PREFIX + secrets.token_hex(_RANDOM_BYTES)
        token = Token(
            user_id=user.user_id,
            digest=_digest(text),
            prefix=text[:_SHOWN],
            description=description,
            scopes=" ".join(scope for scope in Scope if scope in scopes),
            created=self._now,
            expires=expires,
            repository_ids=None if repositories is None else " ".join(map(str, sorted(repositories))),
        )
        self._session.add(token)
        self._session.flush()
        bound = {} if repositories is None else {"repositories": sorted(repositories.values())}
        self._audit.add(actor, "token.create", f"user:{user.name}", after=_shown(token) | bound)
        return token, text

    def get(self, user: User, token_id: int) -> Token:
        """One of the user's tokens. Raises NotFoundError, for a token of somebody else too."""
        token = self._session.get(Token, token_id)
        if token is None or token.user_id != user.user_id:
            raise NotFoundError(_("There is no such token."))
        return token

    def list_(self, user: User) -> Sequence[Token]:
        """The user's tokens, newest first."""
        mine = select(Token).where(Token.user_id == user.user_id)
        return self._session.scalars(mine.order_by(Token.token_id.desc()).limit(_MOST)).all()

    def revoke(self, actor: Actor, token: Token) -> None:
        """Delete the token; nobody is admitted with it from the commit on."""
        self._session.delete(token)
        self._audit.add(actor, "token.revoke", f"user:{token.user.name}", before=_shown(token))

    def note_use(self, token_id: int, at: datetime.datetime) -> None:
        """Remember when the token was last used."""
        later = Token.used.is_(None) | (Token.used < at)
        self._session.execute(update(Token).where(Token.token_id == token_id, later).values(used=at))

    def _require_room(self, user: User) -> None:
        mine = select(func.count()).select_from(Token).where(Token.user_id == user.user_id)
        if (self._session.scalar(mine) or 0) >= _MOST:
            raise InvalidError({"description": _("there are too many tokens already; revoke some")})

    def _check(self, description: str, scopes: Collection[str], expires: datetime.datetime | None) -> None:
        problems = {}
        if len(description) > _LONGEST_DESCRIPTION or not description.isprintable():
            problems["description"] = _n(
                "use at most %(count)s printable character",
                "use at most %(count)s printable characters",
                _LONGEST_DESCRIPTION,
            )
        if not scopes or not set(scopes) <= set(Scope):
            problems["scopes"] = _("use one or more of %(scopes)s", scopes=", ".join(Scope))
        if expires is not None and expires <= self._now:
            problems["expires"] = _("use a time that lies ahead")
        if problems:
            raise InvalidError(problems)


def _shown(token: Token) -> dict[str, object]:
    return {
        "prefix": token.prefix,
        "description": token.description,
        "scopes": token.scopes,
        "expires": None if token.expires is None else token.expires.isoformat(),
    }


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
