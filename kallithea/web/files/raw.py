"""The bytes of a file: to look at, in a form that no browser runs, or to keep."""

import contextlib
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from kallithea.core.errors import NotFoundError
from kallithea.render.text import decode, encoding_of, visible
from kallithea.vcs.types import EntryKind
from kallithea.web.answers import Response
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.headers import RAW_POLICY
from kallithea.web.request import Request

_CHUNK = 65_536
_HEAD = 8_000

# Pictures that hold no script, by what their bytes begin with.
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


class BlobBody:
    """The content of a file in pieces; closing it closes the repository."""

    def __init__(self, head: bytes, stream: BinaryIO, resources: contextlib.ExitStack) -> None:
        self._head = head
        self._stream = stream
        self._resources = resources

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        while chunk := self._stream.read(_CHUNK):
            yield chunk

    def close(self) -> None:
        """Free what the stream needs."""
        self._resources.close()


def show_raw(context: RepositoryContext, request: Request) -> Response:
    """The file as plain text, or as a picture; what is neither is to keep."""
    response, head, name = _open(context, request)
    kind = find_picture_type(head)
    if kind is not None:
        response.headers["Content-Type"] = kind
    elif b"\0" in head:
        _set_attachment(response, name)
    else:
        encoding = encoding_of(head[:-8] if len(head) == _HEAD else head, request.application.settings.default_encoding)
        response.headers["Content-Type"] = f"text/plain; charset={encoding}"
    return response


def download_raw(context: RepositoryContext, request: Request) -> Response:
    """The file to keep."""
    response, _, name = _open(context, request)
    _set_attachment(response, name)
    return response


def find_picture_type(head: bytes) -> str | None:
    """The media type of a picture that browsers may show, None for everything else, SVG with its scripts included."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _PICTURES if head.startswith(magic)), None)


def content_disposition(name: bytes) -> str:
    """The header that names a download, for old and new browsers (RFC 6266)."""
    text = visible(decode(name)).replace("/", "_").replace("\\", "_")
    plain = "".join(char if " " <= char <= "~" and char not in '"%;' else "_" for char in text)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(text, safe='')}"


def _open(context: RepositoryContext, request: Request) -> tuple[Response, bytes, bytes]:
    """An answer with the file's whole size that reads it while it is sent, its first bytes, and its name."""
    with contextlib.ExitStack() as resources:
        repository = resources.enter_context(request.services.repositories.open(context.repository))
        found = find(context, request, repository)
        entry = repository.entry(found.commit_id, found.path)
        if entry.kind in (EntryKind.FOLDER, EntryKind.SUBREPOSITORY):
            raise NotFoundError("This is no file.")
        size, stream = resources.enter_context(repository.open_blob(found.commit_id, found.path))
        head = stream.read(_HEAD)
        body = BlobBody(head, stream, resources.pop_all())
    response = Response(app_iter=body, content_type="application/octet-stream")
    response.content_length = size
    response.headers["Content-Security-Policy"] = RAW_POLICY
    return response, head, entry.name


def _set_attachment(response: Response, name: bytes) -> None:
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = content_disposition(name)
