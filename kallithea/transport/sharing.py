"""Answers that are read from a file which others may read too, whole or while it is written."""

from collections.abc import Iterator, Mapping
from typing import Any

from kallithea.cache.growing_store import Reader
from kallithea.transport.answers import NOT_STORED, Answer

_CHUNK = 1 << 18


class _Pieces:
    """A file as a response. What was cut off ends in an error, which breaks the connection."""

    def __init__(self, reader: Reader, size: int, first: bytes = b"") -> None:
        self._reader, self._size, self._first = reader, size, first

    def __iter__(self) -> Iterator[bytes]:
        if self._first:
            yield self._first
        while data := self._reader.read(self._size):
            yield data

    def close(self) -> None:
        """Give the file back; if nobody else reads it, its producer ends."""
        self._reader.close()


def answer_from(reader: Reader, content_type: str, environ: Mapping[str, Any]) -> Answer:
    """The file as an answer, which closes it. Waits for its beginning.

    A whole one is sent by the server itself, if it can. Raises LostError where its producer gave up before it wrote
    anything; then the file is closed.
    """
    try:
        size = reader.size
        if size is not None:
            send_file = environ.get("wsgi.file_wrapper", _Pieces)
            headers = (*NOT_STORED, ("Content-Length", str(size)))
            return Answer("200 OK", content_type, send_file(reader, _CHUNK), headers)
        return Answer("200 OK", content_type, _Pieces(reader, _CHUNK, reader.read(_CHUNK)))
    except BaseException:
        reader.close()
        raise
