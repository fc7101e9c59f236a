"""Answers of many bytes, whole or in part: range requests of RFC 9110, sections 13.1.5 and 14."""

import contextlib
import hashlib
import re
import wsgiref.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from kallithea.cache.file_store import StoredFile
from kallithea.core.errors import KallitheaError
from kallithea.core.words import _
from kallithea.render.text import decode, visible
from kallithea.services.disk import disk_of
from kallithea.services.front_server import hand_over
from kallithea.vcs.backend import Repository
from kallithea.web.answers import Response
from kallithea.web.context import RepositoryContext
from kallithea.web.headers import RAW_POLICY
from kallithea.web.request import Request

# One range; of several ones none is served, which clients must expect.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """``size`` bytes of a content, from ``start`` on."""

    start: int
    size: int


class NoSuchPartError(KallitheaError):
    """None of the bytes that were asked for exist; ``size`` is how many there are."""

    def __init__(self, size: int) -> None:
        super().__init__(_("The file has %(size)s bytes, and none of those that were asked for.", size=size))
        self.size = size


class Body:
    """Pieces of a content; closing it frees what they come from."""

    def __init__(self, pieces: Iterator[bytes], resources: contextlib.ExitStack) -> None:
        self._pieces = pieces
        self._resources = resources

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Free what the content comes from."""
        self._resources.close()


def send_text(size: int, spool: BinaryIO) -> Response:
    """A text of so many bytes, to look at; the file is closed when it has been sent."""
    response = Response(app_iter=wsgiref.util.FileWrapper(spool, 65_536), content_type="text/plain", charset="utf-8")
    response.content_length = size
    response.headers["Content-Security-Policy"] = RAW_POLICY
    return response


def open_repository(context: RepositoryContext, request: Request) -> Repository:
    """The open repository, for a view that is not in a unit of work: what it sends may take long."""
    return disk_of(request.application).open(context.repository)


def make_tag(*inputs: object) -> str:
    """An ETag for bytes that these values name."""
    return f'"{hashlib.blake2b(repr(inputs).encode(), digest_size=16).hexdigest()}"'


def parse_range(header: str, size: int) -> Part | None:
    """What a Range header asks of a content; None for everything, also where it is none that we serve.

    Raises NoSuchPartError.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not any(found.groups()) or not size:
        return None
    first, last = (int(number) if number else None for number in found.groups())
    if first is None:
        start, end = max(size - (last or 0), 0), size
    else:
        start, end = first, size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None
    if start >= size:
        raise NoSuchPartError(size)
    return Part(start, end - start)


def fill(
    response: Response, request: Request, tag: str, size: int, pieces: Callable[[Part], Iterable[bytes]]
) -> Response:
    """Let the response send the content with this ETag and size, or the part of it that the request asks for.

    ``pieces`` is called at most once: not for a HEAD request. Raises NoSuchPartError.
    """
    part = _find_part(request, tag, size)
    if part is not None:
        response.status_int = 206
        response.headers["Content-Range"] = f"bytes {part.start}-{part.start + part.size - 1}/{size}"
    else:
        part = Part(0, size)
    response.app_iter = () if request.method == "HEAD" else pieces(part)
    response.content_length = part.size
    response.headers.update({"ETag": tag, "Accept-Ranges": "bytes", "Content-Security-Policy": RAW_POLICY})
    return response


def let_front_send(response: Response, request: Request, tag: str, stored: StoredFile) -> bool:
    """Let the web server in front send the entry, and the part of it that is asked for; False where it shall not.

    Only what is to keep: of our headers, nginx passes on the type, the name and how long it may be kept, and not what
    keeps a browser from running a content.
    """
    header = hand_over(request.application, stored)
    if header is None:
        return False
    request.watched.by_front = _count_asked(request, tag, stored.size)
    response.headers.update([header, ("ETag", tag), ("Content-Security-Policy", RAW_POLICY)])
    response.app_iter = ()
    response.content_length = 0
    return True


def _count_asked(request: Request, tag: str, size: int) -> int:
    """Bytes of a content of this size with which the request is answered."""
    if request.method == "HEAD":
        return 0
    try:
        part = _find_part(request, tag, size)
    except NoSuchPartError:
        return 0
    return size if part is None else part.size


def content_disposition(name: bytes) -> str:
    """The header that names a download, for old and new browsers (RFC 6266)."""
    text = visible(decode(name)).replace("/", "_").replace("\\", "_")
    plain = "".join(char if " " <= char <= "~" and char not in '"%;' else "_" for char in text)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(text, safe='')}"


def _find_part(request: Request, tag: str, size: int) -> Part | None:
    header = request.environ.get("HTTP_RANGE", "")
    # A client that has a part of another version gets everything.
    condition = request.environ.get("HTTP_IF_RANGE", tag).strip()
    return parse_range(header, size) if request.method == "GET" and condition == tag else None
