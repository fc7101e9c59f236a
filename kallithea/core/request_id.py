"""A name for each request, by which lines of logs, hooks and jobs of one request are found together."""

import contextvars
import re
import secrets
from collections.abc import Mapping
from typing import Any

from kallithea.core.addresses import is_believed
from kallithea.core.settings import Settings

#: The name of the request that this thread answers, or of the one that asked for the job that it runs; else empty.
REQUEST_ID: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

_HEADER = "HTTP_X_REQUEST_ID"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def name_request(environ: Mapping[str, Any], settings: Settings) -> str:
    """The header X-Request-ID of a trusted proxy, where it is 8 to 64 letters, digits, and ``._-``; else a new name."""
    told = str(environ.get(_HEADER, ""))
    if _SAFE.fullmatch(told) and is_believed(environ, _HEADER, settings):
        return told
    return secrets.token_hex(8)
