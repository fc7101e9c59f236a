"""Forms with files: ``multipart/form-data`` as browsers send it, with bounded memory.

The parts of more than a few kilobytes lie in temporary files, which end with the form.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import multipart

from kallithea.core.errors import KallitheaError
from kallithea.core.words import _

#: Bytes of a whole form with its files, in one request.
UPLOAD_LIMIT = 32 << 20

#: Bytes of all fields of text of a form.
TEXT_LIMIT = 4 << 20

_MOST_PARTS = 200
# A smaller part stays in memory.
_SMALL = 1 << 14
_LONGEST_BOUNDARY = 70


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
    parts: Sequence[multipart.MultipartPart] = field(repr=False)

    def close(self) -> None:
        """Free the temporary files; the uploads end with them."""
        for part in self.parts:
            part.close()


def read_multipart(stream: BinaryIO, length: int | None, content_type: str) -> MultipartForm:
    """Read a form of ``length`` bytes, or to the end of the stream for None. Raises MultipartError."""
    kind, options = multipart.parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise MultipartError(_("The form does not say where its parts begin."))
    if length is not None and length > UPLOAD_LIMIT:
        raise _too_large()
    with contextlib.ExitStack() as parts:
        form = _make_form(_read_parts(stream, length, boundary, parts))
        # Whoever gets the form closes it.
        parts.pop_all()
        return form


def _read_parts(
    stream: BinaryIO, length: int | None, boundary: str, opened: contextlib.ExitStack
) -> list[multipart.MultipartPart]:
    parser = multipart.MultipartParser(
        stream,
        boundary,
        content_length=-1 if length is None else length,
        part_limit=_MOST_PARTS,
        spool_limit=_SMALL,
        memory_limit=_SMALL * _MOST_PARTS,
        disk_limit=UPLOAD_LIMIT,
        strict=True,
    )
    parts: list[multipart.MultipartPart] = []
    try:
        for part in parser:
            opened.callback(part.close)
            parts.append(part)
            if sum(one.size for one in parts) > UPLOAD_LIMIT:
                raise _too_large()
    except multipart.ParserLimitReached as problem:
        raise _too_large() from problem
    except UnicodeDecodeError as problem:
        raise _not_utf8() from problem
    except multipart.MultipartError as problem:
        raise MultipartError(_("The form ended early, or its parts cannot be told apart. Send it again.")) from problem
    return parts


def _make_form(parts: Sequence[multipart.MultipartPart]) -> MultipartForm:
    texts = [part for part in parts if part.filename is None]
    if sum(part.size for part in texts) > TEXT_LIMIT:
        raise MultipartError(_("A form has at most %(size)s MiB of text.", size=TEXT_LIMIT >> 20))
    try:
        fields = {part.name: part.raw.decode() for part in texts}
    except UnicodeDecodeError as problem:
        raise _not_utf8() from problem
    # A field of files of which none was chosen comes as one without name and content.
    files = (part for part in parts if part.filename or (part.filename is not None and part.size))
    return MultipartForm(fields, tuple(Upload(part.filename, part.size, part.file) for part in files), parts)


def _too_large() -> MultipartError:
    return MultipartError(
        _(
            "A form with its files has at most %(size)s MiB in %(count)s parts, which have short names. "
            "Push larger files.",
            size=UPLOAD_LIMIT >> 20,
            count=_MOST_PARTS,
        )
    )


def _not_utf8() -> MultipartError:
    return MultipartError(_("The form is not written in UTF-8."))
