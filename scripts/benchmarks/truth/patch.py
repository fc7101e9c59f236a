"""What a patch says, in the unified format of Git and Mercurial."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Hunk:
    """Neighbouring changed lines. ``path`` is that of the new file; texts have context and changed lines."""

    path: bytes
    old: list[bytes] = field(default_factory=list)
    new: list[bytes] = field(default_factory=list)
    added: list[bytes] = field(default_factory=list)


def parse_hunks(patch: bytes) -> Iterator[Hunk]:
    """The hunks of a patch. Their lines are counted, so that none looks like a header."""
    path, hunk, old, new = b"", Hunk(b""), 0, 0
    for line in patch.split(b"\n"):
        if old > 0 or new > 0:
            mark = line[:1] or b" "
            old -= mark in b" -"
            new -= mark in b" +"
            _take(hunk, mark, line[1:])
            if old <= 0 and new <= 0:
                yield hunk
        elif line.startswith((b"--- a/", b"+++ b/")):
            path = line[6:].rstrip(b"\t")
        elif line.startswith(b"@@ "):
            old, new = (_count(part) for part in line.split()[1:3])
            hunk = Hunk(path)


def _take(hunk: Hunk, mark: bytes, text: bytes) -> None:
    if mark in b" -":
        hunk.old.append(text)
    if mark in b" +":
        hunk.new.append(text)
    if mark == b"+":
        hunk.added.append(text)


def _count(part: bytes) -> int:
    """The number of lines in ``-1,3``; without a comma it is 1."""
    return int(part.partition(b",")[2] or 1)
