"""Jupyter notebooks as values.

A notebook is JSON; https://nbformat.readthedocs.io/en/latest/format_description.html describes version 4 of it. What
has not the type that is written there counts as not being there: a notebook can be any text that somebody has pushed.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kallithea.render.budget import UnreadableError
from kallithea.render.pictures import SVG, find_picture_type, is_svg

# Colours and movements of terminals, in which tracebacks and streams are written.
_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_VERSION = 4
_MARKUP = ("text/html", "text/markdown")
# The one that comes first is shown.
_PICTURES = (SVG, "image/png", "image/jpeg", "image/gif", "image/webp")

#: Bytes of the largest picture that is shown.
LARGEST_PICTURE = 4 << 20

# Characters that tell what a picture is: of SVG there may be much before its first element.
_HEAD = 8_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a notebook has it: SVG as it is, all others in base64."""

    media_type: str
    content: str

    @property
    def fits(self) -> bool:
        """Whether it is small enough, and begins like a picture."""
        if self.media_type == SVG:
            return len(self.content) <= LARGEST_PICTURE and is_svg(_encode(self.content[:_HEAD]))
        if len(self.content) > LARGEST_PICTURE * 3 // 2:
            return False
        head = "".join(self.content[:64].split())
        return find_picture_type(_decode(head[: len(head) // 4 * 4])) is not None

    def read(self) -> tuple[str, bytes]:
        """What it is, by its bytes, and these. Nothing that browsers draw where it does not fit."""
        if self.media_type == SVG:
            return (SVG if self.fits else "", _encode(self.content))
        data = _decode(self.content)
        return find_picture_type(data) or "", data


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell has written: ``text`` of a media type, and a ``picture``, if there is one, of the same.

    ``left_out`` are media types of which nothing is shown.
    """

    media_type: str
    text: str
    left_out: tuple[str, ...] = ()
    error: bool = False
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """``kind`` is ``code``, ``markdown`` or ``raw``; ``number`` says when a code cell has run, None if it never has."""

    kind: str
    source: str
    number: int | None = None
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """``language`` is that of the code cells, as it calls itself; empty where it is not known."""

    language: str
    cells: tuple[Cell, ...]

    def pictures(self) -> Iterator[tuple[int, int, Picture]]:
        """Every picture, with the numbers of its cell and of the output of that, which count from 1."""
        for cell_number, cell in enumerate(self.cells, 1):
            for output_number, output in enumerate(cell.outputs, 1):
                if output.picture is not None:
                    yield cell_number, output_number, output.picture


def parse_notebook(text: str) -> Notebook:
    """The cells of a notebook. Raises UnreadableError for what is none of version 4 of the format."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UnreadableError from problem
    notebook = _mapping(content)
    if notebook.get("nbformat") != _VERSION or not isinstance(notebook.get("cells"), list):
        raise UnreadableError
    metadata = _mapping(notebook.get("metadata"))
    names = (_mapping(metadata.get("language_info")).get("name"), _mapping(metadata.get("kernelspec")).get("language"))
    language = next((name for name in names if isinstance(name, str)), "")
    return Notebook(language, tuple(_parse_cell(_mapping(cell)) for cell in notebook["cells"]))


def _parse_cell(cell: Mapping[str, Any]) -> Cell:
    kind, number, outputs = cell.get("cell_type"), cell.get("execution_count"), cell.get("outputs")
    return Cell(
        kind if kind in ("code", "markdown") else "raw",
        _text(cell.get("source")),
        number if isinstance(number, int) else None,
        tuple(_parse_output(_mapping(output)) for output in outputs) if isinstance(outputs, list) else (),
    )


def _parse_output(output: Mapping[str, Any]) -> Output:
    match output.get("output_type"):
        case "stream":
            return Output("text/plain", _plain(output.get("text")), error=output.get("name") == "stderr")
        case "error":
            lines = output.get("traceback")
            trace = "\n".join(_text(line) for line in lines) if isinstance(lines, list) else ""
            words = f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"
            return Output("text/plain", _plain(trace or words), error=True)
        case _:
            return _choose(_mapping(output.get("data")))


def _choose(data: Mapping[str, Any]) -> Output:
    """The richest text among the representations of one result."""
    found = (Picture(media_type, _text(data.get(media_type))) for media_type in _PICTURES)
    picture = next((one for one in found if one.fits), None)
    known = ("text/",) if picture is None else ("text/", "image/")
    left_out = tuple(media_type for media_type in data if not media_type.startswith(known))
    for media_type in _MARKUP:
        if text := _text(data.get(media_type)):
            return Output(media_type, text, left_out, picture=picture)
    return Output("text/plain", _plain(data.get("text/plain") or data.get("text/latex")), left_out, picture=picture)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """A text, which may be written as a list of its parts."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _plain(value: Any) -> str:
    return _ESCAPE_SEQUENCE.sub("", _text(value))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _decode(text: str) -> bytes:
    """The bytes of base64; none of what is no such text."""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""
