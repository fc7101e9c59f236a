"""Output of a git process in pieces that mean something."""

from collections.abc import Iterable, Iterator


def lines(chunks: Iterable[bytes], end: bytes = b"\n") -> Iterator[bytes]:
    """What stands before each ``end``; what follows the last one is left out."""
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(end)
        yield from whole
