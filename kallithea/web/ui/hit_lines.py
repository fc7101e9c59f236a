"""Lines of code in which something was found."""

from dataclasses import dataclass

from kallithea.search.snippets import Piece


@dataclass(frozen=True, slots=True)
class HitLine:
    """A line of code with what was found in it; ``gap``: lines before it are left out."""

    number: int
    address: str
    pieces: tuple[Piece, ...]
    gap: bool
