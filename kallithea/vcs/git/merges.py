"""The combined diff of a merge as ``git diff-tree --cc --raw -z --patch --combined-all-paths`` prints it.

A record has as many colons as the merge has parents: modes and ids of each parent and of the merge, a letter for each
parent, NUL, a path in each parent and one in the merge, each with NUL. After one more NUL comes the patch, whose hunks
begin with one at-sign more than there are parents.
"""

import itertools
import re
from dataclasses import dataclass, replace

from kallithea.vcs.combined import CombinedDiff, CombinedFile, CombinedHunk
from kallithea.vcs.diff import ChangeKind, DiffLimits
from kallithea.vcs.git.raw_changes import KINDS, NO_MODE
from kallithea.vcs.patch import unquote

_FILE = b"\ndiff --cc "
_RANGE = re.compile(rb"[-+](\d{1,10})(?:,(\d{1,10}))?")


def parse_combined(output: bytes, limits: DiffLimits, *, cut: bool) -> CombinedDiff:
    """The files in the order of the output; ``cut``: the output is not whole."""
    records, _, patch = output.partition(b"\0\0") if b"\0\0" in output else (output.rstrip(b"\0"), b"", b"")
    files = _parse_records(records)
    shown = _parse_patch(b"\n" + patch, len(files[0].kinds) if files else 2)
    last = next(reversed(shown), None)
    found = []
    for file in files[: limits.files]:
        text = shown.get(file.path)
        if text is None:
            found.append(replace(file, cut=cut))
        else:
            found.append(replace(file, binary=text.binary, hunks=text.hunks, cut=cut and file.path == last))
    return CombinedDiff(tuple(found), len(files))


@dataclass(frozen=True, slots=True)
class _Text:
    """What the patch says of a file."""

    binary: bool
    hunks: tuple[CombinedHunk, ...]


def _parse_records(text: bytes) -> list[CombinedFile]:
    fields = iter(text.split(b"\0") if text else ())
    files: list[CombinedFile] = []
    for meta in fields:
        words = meta.lstrip(b":").decode("ascii").split(" ")
        count = len(words[-1])
        *old_paths, path = itertools.islice(fields, count + 1)
        *old_modes, mode = (None if mode == NO_MODE else mode for mode in words[: count + 1])
        kinds = tuple(KINDS.get(letter, ChangeKind.MODIFIED) for letter in words[-1])
        files.append(CombinedFile(path, tuple(old_paths), kinds, tuple(old_modes), mode, False, ()))
    return files


def _parse_patch(text: bytes, parents: int) -> dict[bytes, _Text]:
    """By path; ``text`` has LF before its first line."""
    start = b"\n" + b"@" * (parents + 1) + b" "
    found = {}
    for part in text.split(_FILE)[1:]:
        head, *hunks = part.split(start)
        path = unquote(head.partition(b"\n")[0])
        found[path] = _Text(b"\nBinary files " in head, tuple(_parse_hunk(hunk) for hunk in hunks))
    return found


def _parse_hunk(text: bytes) -> CombinedHunk:
    """A hunk from after the at-signs that begin it."""
    head, _, lines = text.partition(b"\n")
    ranges, _, section = head.partition(b" @@@")
    *old, new = [(int(found[1]), int(found[2] or b"1")) for found in _RANGE.finditer(ranges)]
    whole = lines if lines.endswith(b"\n") or not lines else lines + b"\n"
    return CombinedHunk(tuple(old), *new, section.lstrip(b"@").lstrip(b" "), whole)
