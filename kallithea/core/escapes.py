"""Bytes of any encoding as text that can be stored as JSON and turned back."""

import re

_ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")


def escape_bytes(value: bytes) -> str:
    r"""UTF-8 as text; a byte that is no UTF-8 becomes ``\xff``, and a backslash is doubled."""
    return value.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def unescape_bytes(text: str) -> bytes:
    """The bytes that ``escape_bytes`` was given."""
    return _ESCAPED.sub(_unescape, text.encode())


def _unescape(found: re.Match[bytes]) -> bytes:
    escape = found.group(1)
    return b"\\" if escape == b"\\" else bytes([int(escape[1:], 16)])
