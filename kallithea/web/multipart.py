"""Forms with files: ``multipart/form-data`` as browsers send it (RFC 7578), with bounded memory.

The body goes to one temporary file as it comes; files are parts of that one, and only fields of text are in memory.
"""

import io
import mmap
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from kallithea.core.errors import KallitheaError

#: Bytes of a whole form with its files, in one request.
UPLOAD_LIMIT = 32 << 20

#: Bytes of all fields of text of a form.
TEXT_LIMIT = 4 << 20

_MOST_PARTS = 200
_HEAD_LIMIT = 8192
_CHUNK = 1 << 16
_BOUNDARY = re.compile(
    r"""multipart/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)""", re.IGNORECASE
)
_DISPOSITION = re.compile(rb"content-disposition:[ \t]*form-data[ \t]*(;[^\r\n]*)", re.IGNORECASE)
_PARAMETER = re.compile(rb';[ \t]*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
# What browsers write for the characters that cannot stand in a quoted name.
_ESCAPES = ((b'\\"', b'"'), (b"%22", b'"'), (b"%0D", b"\r"), (b"%0A", b"\n"))


class MultipartError(KallitheaError):
    """The form cannot be read, or is larger than a limit; the message says which."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent: the name that the browser gave it, and its content, which can be read and sought."""

    name: str
    size: int
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """Fields of text by name, of repeated ones the last; and the files in their order."""

    fields: Mapping[str, str]
    uploads: tuple[Upload, ...]
    body: BinaryIO = field(repr=False)

    def close(self) -> None:
        """Free the temporary file; the uploads end with it."""
        self.body.close()


def read_multipart(stream: BinaryIO, length: int | None, content_type: str) -> MultipartForm:
    """Read a form of ``length`` bytes, or to the end of the stream for None. Raises MultipartError."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise MultipartError("The form does not say where its parts begin.")
    if length is not None and length > UPLOAD_LIMIT:
        raise _too_large()
    body = tempfile.TemporaryFile()  # noqa: SIM115 - the form closes it
    try:
        size = _copy(stream, body, length)
        return _parse(body, size, (found[1] or found[2]).encode("latin-1", "replace"))
    except BaseException:
        body.close()
        raise


def _copy(stream: BinaryIO, body: BinaryIO, length: int | None) -> int:
    left = UPLOAD_LIMIT + 1 if length is None else length
    size = 0
    while left and (chunk := stream.read(min(_CHUNK, left))):
        body.write(chunk)
        size += len(chunk)
        left -= len(chunk)
    if size > UPLOAD_LIMIT:
        raise _too_large()
    if length is not None and left:
        raise MultipartError("The form ended early. Send it again.")
    body.flush()
    return size


def _parse(body: BinaryIO, size: int, boundary: bytes) -> MultipartForm:
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    text_size = 0
    if not size:
        raise MultipartError("The form is empty.")
    with mmap.mmap(body.fileno(), size, access=mmap.ACCESS_READ) as data:
        for name, file_name, start, end in _find_parts(data, boundary):
            if file_name is None:
                text_size += end - start
                if text_size > TEXT_LIMIT:
                    raise MultipartError(f"A form has at most {TEXT_LIMIT >> 20} MiB of text.")
                fields[name] = _decode(data[start:end])
            elif file_name or end > start:
                # a field of files of which none was chosen comes as one without name and content
                uploads.append(Upload(file_name, end - start, io.BufferedReader(_Slice(body, start, end))))
    return MultipartForm(fields, tuple(uploads), body)


def _find_parts(data: mmap.mmap, boundary: bytes) -> list[tuple[str, str | None, int, int]]:
    """Of each part its name, the name of its file (None for a field of text), and where its content begins and ends."""
    parts: list[tuple[str, str | None, int, int]] = []
    delimiter = b"\r\n--" + boundary
    position = len(delimiter) - 2
    if data[:position] != delimiter[2:]:
        raise _malformed()
    while data[position : position + 2] == b"\r\n":
        head_end = data.find(b"\r\n\r\n", position, position + _HEAD_LIMIT)
        end = data.find(delimiter, head_end + 4) if head_end >= 0 else -1
        if end < 0 or len(parts) >= _MOST_PARTS:
            raise _malformed() if end < 0 else MultipartError(f"A form has at most {_MOST_PARTS} parts.")
        parts.append((*_parse_head(data[position : head_end + 2]), head_end + 4, end))
        position = end + len(delimiter)
    if data[position : position + 2] != b"--":
        raise _malformed()
    return parts


def _parse_head(head: bytes) -> tuple[str, str | None]:
    found = _DISPOSITION.search(head)
    values = {key.lower(): value for key, value in _PARAMETER.findall(found[1])} if found is not None else {}
    if b"name" not in values:
        raise _malformed()
    file_name = values.get(b"filename")
    return _decode(_unescape(values[b"name"])), None if file_name is None else _decode(_unescape(file_name))


def _unescape(value: bytes) -> bytes:
    for written, meant in _ESCAPES:
        value = value.replace(written, meant)
    return value


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as problem:
        raise MultipartError("The form is not written in UTF-8.") from problem


def _too_large() -> MultipartError:
    return MultipartError(f"A form with its files has at most {UPLOAD_LIMIT >> 20} MiB. Push larger files.")


def _malformed() -> MultipartError:
    return MultipartError("The parts of the form cannot be told apart.")


class _Slice(io.RawIOBase):
    """Bytes ``start`` to ``end`` of a file that somebody else closes; then reading raises ValueError."""

    def __init__(self, body: BinaryIO, start: int, end: int) -> None:
        super().__init__()
        self._body = body
        self._start = start
        self._size = end - start
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(origin + offset, 0)
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # typeshed's name is private
        wanted = min(len(buffer), max(self._size - self._position, 0))
        data = os.pread(self._body.fileno(), wanted, self._start + self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
