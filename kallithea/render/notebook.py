"""Jupyter notebooks as values.

A notebook is JSON; https://nbformat.readthedocs.io/en/latest/format_description.html describes version 4 of it. What
has not the type that is written there counts as not being there: a notebook can be any text that somebody has pushed.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kallithea.render.budget import UnreadableError

# Colours and movements of terminals, in which tracebacks and streams are written.
_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_VERSION = 4
_MARKUP = ("text/html", "text/markdown")


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell has written: ``text`` of a media type. ``left_out`` are media types of which nothing is shown."""

    media_type: str
    text: str
    left_out: tuple[str, ...] = ()
    error: bool = False


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
    left_out = tuple(media_type for media_type in data if not media_type.startswith("text/"))
    for media_type in _MARKUP:
        if text := _text(data.get(media_type)):
            # The same result as a picture is no loss beside a table.
            return Output(media_type, text, left_out)
    return Output("text/plain", _plain(data.get("text/plain") or data.get("text/latex")), left_out)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """A text, which may be written as a list of its parts."""
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _plain(value: Any) -> str:
    return _ESCAPE_SEQUENCE.sub("", _text(value))
