"""Proof that a form was made by this site for this browser."""

import hmac
import secrets
from urllib.parse import urlsplit

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.web.request import Request

#: Name of the hidden field; Kallithea's clients know it.
FIELD = "_session_csrf_secret_token"

_PORTS = {"http": 80, "https": 443}
_TOKEN_BYTES = 32


class ForeignFormError(KallitheaError):
    """The form was not made here, or for another session."""


def make_token(secret: str, session_id: str) -> str:
    """The token of a session."""
    return hmac.digest(secret.encode(), b"csrf" + session_id.encode("utf-8", "surrogatepass"), "sha256").hex()


def mask_token(token: str) -> str:
    """The token as a page shows it, which is another text each time.

    A page that is compressed and repeats words of its address would betray by its length which of them are in a text
    that stays the same: http://breachattack.com.
    """
    mask = secrets.token_bytes(_TOKEN_BYTES)
    return mask.hex() + _exchange(mask, bytes.fromhex(token)).hex()


def _unmask(token: str) -> str:
    """The token of a form, masked or not; what is neither is left as it is, and fits nothing."""
    try:
        sent = bytes.fromhex(token)
    except ValueError:
        return token
    mask, rest = sent[:_TOKEN_BYTES], sent[_TOKEN_BYTES:]
    return _exchange(mask, rest).hex() if len(rest) == _TOKEN_BYTES else token


def _exchange(mask: bytes, value: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(mask, value, strict=True))


def require_own_form(request: Request) -> None:
    """Raise ForeignFormError unless the request carries the token of its session and comes from a page of this site."""
    # a browser that says nothing is judged by the token alone
    if _sent_from(request) is not None and not comes_from_here(request):
        raise ForeignFormError(_("The form was sent from a page of another site. Nothing was changed."))
    session_id = request.browser_session.id
    token = _unmask(request.form.get(FIELD, ""))
    right = make_token(request.application.settings.session_secret, session_id or "")
    if session_id is None or not hmac.compare_digest(right.encode(), token.encode("utf-8", "surrogatepass")):
        raise ForeignFormError(_("The form is too old: nothing was changed. Go back, load the page again and repeat."))


def comes_from_here(request: Request) -> bool:
    """Whether the browser says that a page of this site sent the form: by Origin, else by Referer."""
    found = _origin(_sent_from(request) or "")
    own = (request.origin, request.application.settings.canonical_url)
    return found is not None and found in map(_origin, own)


def _sent_from(request: Request) -> str | None:
    sent: str | None = request.environ.get("HTTP_ORIGIN") or request.environ.get("HTTP_REFERER")
    return sent


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port, with the port written out; None for what has no host."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None
