"""Which lines two versions of a file have in common, as Mercurial finds it, in time that no content can stretch.

Whatever imports this module has Mercurial's own diffs and merges ask in the same way.

Mercurial's C code puts lines into a table by a hash in which long files of similar lines, such as numbered ones, fall
together: 100,000 of them then take a hundred times as long. It only asks whether lines are equal, so it gets Python's
hashes of the lines instead of them, written as lines themselves, and answers the same.
"""

from array import array
from typing import Any, TypeAlias

from kallithea.vcs.hg.mercurial_setup import mdiff

#: Lines of the old and of the new version that belong together: from, to, from, to, counted from 0.
Block: TypeAlias = tuple[int, int, int, int]

# In bytes of both versions; for less it does not matter.
_LONG = 256 * 1024

# What Mercurial takes for white space.
_SPACES = b" \t\r"


_find_blocks = mdiff.blocks


def same_lines(old: bytes, new: bytes, *, skip_spaces: bool = False) -> list[Block]:
    """The blocks in their order. The last one is empty, at the end of both versions.

    With ``skip_spaces`` lines are the same that differ in white space only.
    """
    if skip_spaces or len(old) + len(new) > _LONG:
        left_out = _SPACES if skip_spaces else b""
        old, new = _hashes(old, left_out), _hashes(new, left_out)
    blocks: list[Block] = _find_blocks(old, new)
    return blocks


def _choose_blocks(_options: Any = None) -> Any:
    """In place of ``mdiff.chooseblocksfunc``, which diffs ask for what to find blocks with."""
    return same_lines


def _match_blocks(old: bytes, new: bytes) -> list[tuple[int, int, int]]:
    """In place of ``mdiff.get_matching_blocks``, which merges ask: the beginnings of blocks, and how long they are."""
    return [(start, there, end - start) for start, end, there, _ in same_lines(old, new)]


mdiff.chooseblocksfunc, mdiff.get_matching_blocks = _choose_blocks, _match_blocks


def _hashes(text: bytes, left_out: bytes) -> bytes:
    """For each line one of sixteen digits, the same for lines that are equal without these characters."""
    *lines, last = text.translate(None, left_out).split(b"\n")
    if text and not text.endswith(b"\n"):
        # Only a line that nothing ends is a different one with the same text.
        lines.append(last + b"\n")
    if not lines:
        return b""
    return array("q", map(hash, lines)).tobytes().hex("\n", 8).encode("ascii") + b"\n"
