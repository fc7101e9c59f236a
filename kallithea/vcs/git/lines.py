"""Output of a git process in pieces that mean something."""

from collections.abc import Iterable, Iterator


def lines(chunks: Iterable[bytes], end: bytes = b"\n") -> Iterator[bytes]:
    """What stands before each ``end``; what follows the last one is left out."""
    held = list[bytes]()
    for chunk in chunks:
        held.append(chunk)
        if end in chunk:
            # what is long is joined once, not with each of its chunks
            *whole, rest = b"".join(held).split(end)
            held = [rest]
            yield from whole
