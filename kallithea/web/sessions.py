"""The browser's session: a Beaker session that carries one random id and nothing else.

A row of ``user_sessions`` gives the id its meaning, so that a session can be listed and ended on the server. Somebody
who is not signed in gets an id only with a form that must be theirs.
"""

import datetime
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from beaker.exceptions import BeakerException
from beaker.session import CookieSession, Session
from beaker.util import coerce_session_params

from kallithea.core.settings import Settings

_PREFIXES = ("session.", "beaker.session.")
_ID = "id"


def session_options(values: Mapping[str, str], settings: Settings) -> dict[str, Any]:
    """Beaker's options: those of the .ini (``session.*``, ``beaker.session.*``), and those that nobody may choose."""
    found = {key.removeprefix(prefix): values[key] for prefix in _PREFIXES for key in values if key.startswith(prefix)}
    options: dict[str, Any] = coerce_session_params({"type": "cookie", "samesite": "Lax"} | found)
    # A session ends in the database; pickled sessions could run code.
    options |= {"data_serializer": "json", "timeout": None, "save_accessed_time": False, "invalidate_corrupt": False}
    options |= {"key": settings.session_key, "httponly": settings.session_httponly, "secure": settings.session_secure}
    if options["type"] == "cookie":
        derived = hmac.digest(settings.session_secret.encode(), b"session cookie", "sha256").hex()
        options["validate_key"] = options.get("validate_key") or derived
        options.pop("secret", None)
    else:
        options["secret"] = settings.session_secret
    options.pop("auto", None)
    return options


class BrowserSession:
    """The session of one request. Nothing is stored and no cookie is set unless a method says so."""

    def __init__(self, environ: Mapping[str, Any], options: Mapping[str, Any], *, secure: bool) -> None:
        self._exchange: dict[str, Any] = {"cookie": environ.get("HTTP_COOKIE", ""), "cookie_out": None}
        self._options = {**options, "secure": bool(options["secure"]) or secure}
        self._beaker: Any = self._open() if f"{options['key']}=" in self._exchange["cookie"] else None
        self._changed = False

    @property
    def id(self) -> str | None:
        """The id that the browser has, or None."""
        found = self._beaker.get(_ID) if self._beaker is not None else None
        return found if isinstance(found, str) else None

    def ensure_id(self) -> str:
        """The browser's id; a new one that means nobody, where it has none."""
        if self.id is None:
            self.start(secrets.token_urlsafe(32), None)
        found = self.id
        assert found is not None
        return found

    def start(self, session_id: str, lifetime: datetime.timedelta | None) -> None:
        """Give the browser another id, kept for so long, or until the browser is closed."""
        if self._beaker is None:
            self._beaker = self._open()
        else:
            self._beaker.invalidate()
        self._beaker[_ID] = session_id
        self._beaker.cookie_expires = True if lifetime is None else lifetime
        self._beaker.save()
        self._changed = True

    def end(self) -> None:
        """Take the id away from the browser."""
        if self._beaker is not None:
            self._beaker.delete()
            self._changed = True

    @property
    def cookie(self) -> str | None:
        """The value of the Set-Cookie header that the answer must have, or None."""
        return self._exchange["cookie_out"].strip() if self._changed and self._exchange["cookie_out"] else None

    def _open(self) -> Any:
        """The session of the cookie; an empty one where the cookie was not made here, or its data cannot be read."""
        try:
            return self._load()
        except (BeakerException, ValueError):
            self._exchange["cookie"] = ""
            return self._load()

    def _load(self) -> Any:
        options = {key: value for key, value in self._options.items() if key != "type" or value != "cookie"}
        return (CookieSession if self._options["type"] == "cookie" else Session)(self._exchange, **options)
