"""The lines of a file in colours, kept under the id of its content: colouring takes most of the time of its page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Store
from kallithea.render.code_html import code_rows
from kallithea.render.highlight import find_language, highlight_lines, is_highlighted
from kallithea.render.text import decode, one_line, visible_lines
from kallithea.vcs.types import Blob

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Code:
    """The rows of a table, how many they are, and whether they have colours."""

    rows: Markup
    count: int
    coloured: bool


def render_code(store: Store, blob: Blob, encodings: Sequence[str]) -> Code:
    """A file of text as rows."""
    name = one_line(blob.path, encodings)
    language = find_language(name).name
    key = f"code:{_FORMAT}:{blob.object_id}:{len(blob.data)}:{language}:{','.join(encodings)}"
    stored = store.get(key)
    if stored is not None:
        return _parse(stored)
    text = visible_lines(decode(blob.data, encodings))
    lines = highlight_lines(text, name)
    code = Code(code_rows(lines), len(lines), is_highlighted(text))
    store.put(key, _dump(code))
    return code


def _dump(code: Code) -> bytes:
    return json.dumps([code.count, code.coloured]).encode() + b"\n" + code.rows.encode("utf-8", "surrogatepass")


def _parse(stored: bytes) -> Code:
    head, _, rows = stored.partition(b"\n")
    count, coloured = json.loads(head)
    return Code(Markup(rows.decode("utf-8", "surrogatepass")), count, coloured)  # noqa: S704 - our own HTML
