"""Which lines two versions of a file have in common, as Mercurial finds it, in time that no content can stretch.

Mercurial's C code puts lines into a table by a hash in which long files of similar lines, such as numbered ones, fall
together: 100,000 of them then take a hundred times as long. It only asks whether lines are equal, so it gets Python's
hashes of the lines instead of them, written as lines themselves, and answers the same.
"""

from array import array
from typing import TypeAlias

from kallithea.vcs.hg.mercurial_setup import mdiff

#: Lines of the old and of the new version that belong together: from, to, from, to, counted from 0.
Block: TypeAlias = tuple[int, int, int, int]

# In bytes of both versions; for less it does not matter.
_LONG = 256 * 1024


def same_lines(old: bytes, new: bytes) -> list[Block]:
    """The blocks in their order. The last one is empty, at the end of both versions."""
    if len(old) + len(new) > _LONG:
        old, new = _hashes(old), _hashes(new)
    blocks: list[Block] = mdiff.chooseblocksfunc()(old, new)
    return blocks


def _hashes(text: bytes) -> bytes:
    """For each line one of sixteen digits, the same for equal lines."""
    *lines, last = text.split(b"\n")
    if last:
        # Only a line that nothing ends is a different one with the same text.
        lines.append(last + b"\n")
    if not lines:
        return b""
    return array("q", map(hash, lines)).tobytes().hex("\n", 8).encode("ascii") + b"\n"
