"""The lines of a file in colours, kept under the id of its content: colouring takes most of the time of its page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Caches, Store
from kallithea.cache.turns import take_turn
from kallithea.core.words import _
from kallithea.render.code_html import code_rows
from kallithea.render.highlight import draw_line, find_language, highlight_lines, is_highlighted, tokenize
from kallithea.render.outline import OutlineEntry, find_outline
from kallithea.render.text import decode, one_line, visible_lines
from kallithea.vcs.types import Blob

NO_COLOURS = _("No colours: the file is long, or has very long lines.")
_NOT_YET = _("No colours yet: they are being made for somebody else.")

_FORMAT = 3
# What takes longer to colour, in bytes, is coloured for one visitor at a time.
_LONG = 20_000
_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Code:
    """The rows of a table, how many they are, and why they have no colours: none yet, if this is not ``final``.

    ``outline`` are the names that they declare.
    """

    rows: Markup
    count: int
    note: str = ""
    final: bool = True
    outline: tuple[OutlineEntry, ...] = ()


def render_later_code(blob: Blob, encodings: Sequence[str], first: int) -> Code:
    """Lines from within a file as rows. Colours depend on all that is before, so they have none."""
    lines = highlight_lines(visible_lines(decode(blob.data, encodings)), "")
    return Code(code_rows(lines, first), len(lines), NO_COLOURS)


def render_code(caches: Caches, blob: Blob, encodings: Sequence[str]) -> Code:
    """A file of text, or its begin, as rows."""
    name = one_line(blob.path, encodings)
    language = find_language(name).name
    key = f"code:{_FORMAT}:{blob.object_id}:{len(blob.data)}:{language}:{','.join(encodings)}"
    stored = caches.large.get(key)
    if stored is not None:
        return _parse(stored)
    text = visible_lines(decode(blob.data, encodings))
    if len(text) < _LONG or not is_highlighted(text):
        return _make(caches.large, key, text, name)
    with take_turn(caches.turns, key, wait_seconds=_WAIT_SECONDS) as mine:
        stored = caches.large.get(key)
        if stored is not None:
            return _parse(stored)
        if mine:
            return _make(caches.large, key, text, name)
    lines = highlight_lines(text, "")
    return Code(code_rows(lines), len(lines), _NOT_YET, final=False)


def _make(store: Store, key: str, text: str, name: str) -> Code:
    language = find_language(name)
    lines = tokenize(text, language)
    outline = find_outline(lines, text.split("\n"), language.name)
    note = "" if is_highlighted(text) else NO_COLOURS
    code = Code(code_rows(map(draw_line, lines)), len(lines), note, outline=outline)
    store.put(key, _dump(code))
    return code


def _dump(code: Code) -> bytes:
    outline = [(entry.name, entry.first, entry.last, entry.depth) for entry in code.outline]
    head = json.dumps([code.count, code.note == "", outline]).encode()
    return head + b"\n" + code.rows.encode("utf-8", "surrogatepass")


def _parse(stored: bytes) -> Code:
    head, __, rows = stored.partition(b"\n")
    count, coloured, outline = json.loads(head)
    html = Markup(rows.decode("utf-8", "surrogatepass"))  # noqa: S704 - our own HTML
    entries = tuple(OutlineEntry(*entry) for entry in outline)
    return Code(html, count, "" if coloured else NO_COLOURS, outline=entries)
