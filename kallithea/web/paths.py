"""The path of a request as bytes.

Names of files need not be UTF-8, and names of repositories and refs contain slashes. So a path is read here, before
Pyramid would decode it: into segments, of which the first ones name a repository if such a repository exists.
"""

import re
from collections.abc import Mapping
from typing import Any

from kallithea.core.errors import NotFoundError
from kallithea.core.names import MAX_PATH
from kallithea.core.words import _

Segments = tuple[bytes, ...]

_NOWHERE = frozenset({b".", b".."})
_PERMANENT_ID = re.compile(rb"_([1-9][0-9]{0,8})")
_KEPT_SLASH = re.compile(rb"%2f", re.IGNORECASE)


def read_path(environ: Mapping[str, Any]) -> bytes:
    """The decoded path below the application.

    Some web servers leave an encoded slash in PATH_INFO as it came (Apache with ``AllowEncodedSlashes NoDecode``,
    cheroot); it separates like any other. A file whose name holds the letters ``%2F`` comes as ``%252F``.
    """
    path: bytes = environ.get("PATH_INFO", "").encode("latin-1")
    sent = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if sent is None or "%2f" in sent.lower():
        path = _KEPT_SLASH.sub(b"/", path)
    return path


def split_path(path: bytes) -> Segments:
    """The segments of a path; neighbouring slashes count as one, and one at the end for nothing.

    Raises NotFoundError for paths that can name nothing: ``.`` and ``..`` as a segment, NUL.
    """
    segments = tuple(segment for segment in path.split(b"/") if segment)
    if b"\0" in path or not _NOWHERE.isdisjoint(segments):
        raise NotFoundError(_("There is nothing at this address."))
    return segments


def find_permanent_id(segments: Segments) -> int | None:
    """The repository's id in ``/_<id>/...``, an address that survives renaming."""
    match = _PERMANENT_ID.fullmatch(segments[0]) if segments else None
    return int(match[1]) if match else None


def find_prefixes(segments: Segments) -> list[str]:
    """What may be the path of a repository or group: ``a``, ``a/b`` ... as far as it is text and short enough."""
    found: list[str] = []
    path = ""
    for segment in segments:
        try:
            path = f"{path}/{segment.decode()}" if path else segment.decode()
        except UnicodeDecodeError:
            break
        if len(path) > MAX_PATH:
            break
        found.append(path)
    return found
