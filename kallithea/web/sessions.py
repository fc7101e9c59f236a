"""The browser's session: a Beaker session that carries one random id and nothing else.

A row of ``user_sessions`` gives the id its meaning, so that a session can be listed and ended on the server. Somebody
who is not signed in gets an id only with a form that must be theirs, and that in the cookie itself: nothing is stored
for strangers.

What Beaker keeps elsewhere is stored anew from time to time while the session is used, so that its age tells whether
anybody needs it: servers forget it by themselves, files and tables are cleaned (``services/session_stores.py``).
"""

import contextlib
import datetime
import functools
import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from kallithea.cache.beaker_setup import (
    BeakerException,
    CookieSession,
    Session,
    coerce_session_params,
    load_redis,
    redis_errors,
)
from kallithea.cache.stores import bound_waiting
from kallithea.core.errors import UnavailableError
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.model.engine import name_driver
from kallithea.services.session_stores import KEPT_LONGER
from kallithea.web.session_namespaces import NAMESPACES, SessionSerializer

_PREFIXES = ("session.", "beaker.session.")
_ID = "id"
_COOKIE = "cookie"
# Those of Beaker's options that say where sessions lie, which are typed settings.
_PLACES = ("type", "data_dir", "url", "sa.url", "table_name")
# So long a Redis server is waited for that says nothing.
_REDIS_SECONDS = 5
_AWAY = _("Sessions cannot be read at the moment. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What Beaker is told of sessions of people, and of those of visitors with a form. ``key``: the cookie's name."""

    key: str
    own: Mapping[str, Any]
    visiting: Mapping[str, Any]


def session_options(values: Mapping[str, str], settings: Settings) -> SessionOptions:
    """Beaker's options: those of the .ini (``session.*``, ``beaker.session.*``), and those that nobody may choose."""
    found = {key.removeprefix(prefix): values[key] for prefix in _PREFIXES for key in values if key.startswith(prefix)}
    chosen = {key: value for key, value in found.items() if key not in _PLACES}
    options: dict[str, Any] = coerce_session_params({"samesite": "Lax"} | chosen)
    # A session ends in the database; pickled sessions could run code.
    options |= {
        "data_serializer": SessionSerializer(),
        "timeout": None,
        "save_accessed_time": False,
        "invalidate_corrupt": False,
    }
    options |= {"key": settings.session_key, "httponly": settings.session_httponly, "secure": settings.session_secure}
    options.pop("auto", None)
    in_cookie = {name: value for name, value in options.items() if name != "secret"}
    in_cookie["validate_key"] = options.get("validate_key") or _derive(settings, b"session cookie")
    if settings.session_type == _COOKIE:
        return SessionOptions(settings.session_key, in_cookie, in_cookie)
    visiting = in_cookie | {"key": f"{settings.session_key}-form", "validate_key": _derive(settings, b"form cookie")}
    return SessionOptions(settings.session_key, options | _place(settings), visiting)


def _derive(settings: Settings, purpose: bytes) -> str:
    return hmac.digest(settings.session_secret.encode(), purpose, "sha256").hex()


def _place(settings: Settings) -> dict[str, Any]:
    """Where sessions lie that do not lie in the cookie."""
    kind, url = settings.session_type, settings.session_url
    namespace: Any = NAMESPACES[kind]
    place: dict[str, Any] = {"type": kind, "secret": settings.session_secret}
    if kind == "file":
        return place | {"namespace_class": namespace, "data_dir": str(settings.session_data_dir)}
    if kind == "ext:database":
        # a connection that a restart of the server has broken is replaced
        pool = {"sa.pool_pre_ping": "true"} if not url.startswith("sqlite") else {}
        place |= {"url": name_driver(url), "table_name": settings.session_table, "sa_opts": pool}
        return place | {"namespace_class": namespace}
    if kind == "ext:redis":
        load_redis()
        url = bound_waiting(url, _REDIS_SECONDS)
    lifetime = settings.session_timeout + int(KEPT_LONGER.total_seconds())
    # Beaker's own timeout would go by the clock of each machine
    return place | {"url": url, "namespace_class": functools.partial(namespace, timeout=lifetime)}


class BrowserSession:
    """The session of one request. Nothing is stored and no cookie is set unless a method says so.

    The browser sends the cookie for addresses below ``path``, and with ``secure`` over https only.
    """

    def __init__(self, environ: Mapping[str, Any], options: SessionOptions, *, secure: bool, path: str = "/") -> None:
        header = environ.get("HTTP_COOKIE", "")
        self._own = _Kept(header, options.own, secure=secure, path=path)
        self._visiting = self._own
        if options.visiting is not options.own:
            self._visiting = _Kept(header, options.visiting, secure=secure, path=path)

    def require_store(self) -> None:
        """Raises UnavailableError where nobody can know whose session it is."""
        if self._own.away:
            raise UnavailableError(_AWAY)

    @property
    def id(self) -> str | None:
        """The id that the browser has, or None."""
        return self._own.id or self._visiting.id

    def ensure_id(self) -> str:
        """The browser's id; a new one that means nobody, where it has none."""
        found = self.id
        if found is None:
            found = secrets.token_urlsafe(32)
            self._visiting.start(found, None)
        return found

    def start(self, session_id: str, lifetime: datetime.timedelta | None) -> None:
        """Give the browser another id, kept for so long, or until the browser is closed. Raises UnavailableError."""
        self._own.start(session_id, lifetime)

    def keep(self) -> None:
        """Store the id anew, where it is stored, so that it does not pass for one that nobody uses."""
        self._own.keep()

    def end(self) -> None:
        """Take the id away from the browser."""
        self._own.end()

    @property
    def cookies(self) -> list[str]:
        """The values of the Set-Cookie headers that the answer must have."""
        kept = [self._own] if self._visiting is self._own else [self._own, self._visiting]
        return [one.cookie for one in kept if one.cookie is not None]


class _Kept:
    """One cookie, and the session of Beaker that it leads to."""

    def __init__(self, header: str, options: Mapping[str, Any], *, secure: bool, path: str) -> None:
        self.away = False
        self._exchange: dict[str, Any] = {"cookie": header, "cookie_out": None}
        self._options = {**options, "secure": bool(options["secure"]) or secure}
        self._path = str(options.get("cookie_path", path))
        self._stored = "type" in options
        self._problems: tuple[type[Exception], ...] = (OSError, SQLAlchemyError, *redis_errors())
        self._changed = False
        self._beaker: Any = None
        if f"{options['key']}=" in header:
            try:
                self._beaker = self._open()
            except self._problems:
                self.away = True

    @property
    def id(self) -> str | None:
        found = self._beaker.get(_ID) if self._beaker is not None else None
        return found if isinstance(found, str) else None

    def start(self, session_id: str, lifetime: datetime.timedelta | None) -> None:
        with self._reaching():
            if self._beaker is None:
                self._beaker = self._open()
            else:
                self._beaker.invalidate()
            self._beaker[_ID] = session_id
            self._beaker.cookie_expires = True if lifetime is None else lifetime
            self._beaker.save()
        self._changed = True

    def keep(self) -> None:
        if self._stored and self._beaker is not None:
            # there is time until the next try
            with contextlib.suppress(*self._problems):
                self._beaker.save()

    def end(self) -> None:
        if self._beaker is not None:
            self._beaker.delete()
            self._changed = True

    @property
    def cookie(self) -> str | None:
        if not (self._changed and self._exchange["cookie_out"]):
            return None
        # Beaker forgets the path of a session that it ends
        morsel = self._beaker.cookie[self._options["key"]]
        morsel["path"] = self._path
        return str(morsel.output(header="")).strip()

    def _open(self) -> Any:
        """The session of the cookie; an empty one where the cookie was not made here, or its data cannot be read."""
        try:
            return self._load()
        except (BeakerException, ValueError):
            self._exchange["cookie"] = ""
            return self._load()

    def _load(self) -> Any:
        return (Session if self._stored else CookieSession)(self._exchange, **self._options)

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except self._problems as problem:
            raise UnavailableError(_AWAY) from problem
