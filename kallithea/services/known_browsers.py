"""Marks in browsers from which somebody has signed in: their attempts are judged by themselves, whoever else fails.

A mark is for one account and says until when it counts, with an HMAC over both under a secret of the .ini. It opens
nothing: without the password, whoever has it may only guess as often as anybody else.
"""

import datetime
import hashlib
import hmac
import re
import secrets

from kallithea.core.names import name_key

#: For how long a browser is known after a sign-in.
KEPT = datetime.timedelta(days=180)

_MARK = re.compile(r"([0-9]{1,12})-([0-9a-f]{32})-([0-9a-f]{64})", re.ASCII)


def make_mark(secret: str, name: str, now: datetime.datetime) -> str:
    """A new mark of the account with this name."""
    end, nonce = int((now + KEPT).timestamp()), secrets.token_hex(16)
    return f"{end}-{nonce}-{_sign(secret, name, end, nonce)}"


def find_browser(secret: str, name: str, mark: str, now: datetime.datetime) -> str | None:
    """What tells the browser from others; None for a mark that is forged, too old, or of another account."""
    found = _MARK.fullmatch(mark)
    if found is None or int(found[1]) <= now.timestamp():
        return None
    expected = _sign(secret, name, int(found[1]), found[2])
    return found[2] if hmac.compare_digest(expected, found[3]) else None


def _sign(secret: str, name: str, end: int, nonce: str) -> str:
    message = f"known browser:{end}:{nonce}:{name_key(name)}"
    return hmac.digest(secret.encode(), message.encode(), hashlib.sha256).hex()
