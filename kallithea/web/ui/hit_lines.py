"""Lines of code in which something was found, in colours."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.render.highlight import Span, Token, draw_line, find_language, tokenize
from kallithea.render.text import visible
from kallithea.search.snippets import Line, Piece

#: Bytes of one page that are coloured; colouring more would take longer than most searches.
COLOURED = 50_000

# The class of what cannot be in a language. It can be in an excerpt, which begins and ends anywhere.
_ERROR = "err"


@dataclass(frozen=True, slots=True)
class HitLine:
    """A line of code as HTML, with what was found in it marked; ``gap``: lines before it are left out."""

    number: int
    address: str
    code: Markup
    gap: bool


class HitPainter:
    """Makes the lines of one page, file by file. Those that come first have the colours."""

    def __init__(self) -> None:
        self._left = COLOURED

    def paint(self, lines: Sequence[Line], file_name: str, address: str) -> tuple[HitLine, ...]:
        """The lines of a file, whose name picks the language, and which is shown at the address.

        Lines in a row are coloured together. What began before them is not known, such as a comment.
        """
        return tuple(
            HitLine(line.number, f"{address}#L{line.number}", _draw(tokens, line.pieces), line.first)
            for block in _blocks(lines)
            for line, tokens in zip(block, self._tokens(block, file_name), strict=True)
        )

    def _tokens(self, block: Sequence[Line], file_name: str) -> list[list[Token]]:
        """Tokens of each line, or its text where no colours are left."""
        texts = ["".join(visible(piece.text) for piece in line.pieces) for line in block]
        code = "".join(f"{text}\n" for text in texts)
        size = len(code.encode())
        if size > self._left:
            return [[("", text)] for text in texts]
        self._left -= size
        return tokenize(code, find_language(file_name))


def _blocks(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Lines between which none is left out."""
    starts = [place for place, line in enumerate(lines) if line.first or not place]
    yield from (lines[start:end] for start, end in itertools.pairwise([*starts, len(lines)]))


def _draw(tokens: Sequence[Token], pieces: Sequence[Piece]) -> Markup:
    plain = (("" if css_class == _ERROR else css_class, text) for css_class, text in tokens)
    return Markup(draw_line(plain, list(_marks(pieces)), "mark"))  # noqa: S704 - escaped


def _marks(pieces: Sequence[Piece]) -> Iterator[Span]:
    """Where the pieces that were found are in their line."""
    at = 0
    for piece in pieces:
        end = at + len(visible(piece.text))
        if piece.found:
            yield at, end
        at = end
