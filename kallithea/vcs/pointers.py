"""Files that only point to their content, which is stored elsewhere: Git LFS, Mercurial's lfs, and its largefiles.

A Git LFS pointer is text of less than 1024 bytes: lines of a key, a blank and a value, ``version`` first, the others
sorted (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). Those of Mercurial's lfs extension end with lines of
its own, which begin with ``x-``. A standin of largefiles lies at ``.hglf/`` and the
path of the file, and holds the SHA-1 of the content (``hg help largefiles``).
"""

import re
from dataclasses import dataclass

_LONGEST = 1024
_LFS = re.compile(
    rb"version https?://(?:git-lfs\.github\.com/spec/v1|hawser\.github\.com/spec/v1|git-media\.io/v/2)\n"
    rb"(?:ext-[0-9]-[^ \n]+ [^\n]+\n)*"
    rb"oid (sha256:[0-9a-f]{64})\n"
    rb"size ([0-9]{1,18})(?:\nx-[a-z-]+ [^\n]*)*\n?"
)
_STANDINS = b".hglf/"
_STANDIN = re.compile(rb"([0-9a-f]{40})\n?")


@dataclass(frozen=True, slots=True)
class LfsPointer:
    """``oid`` is the name of the content, such as ``sha256:...``; ``size`` its length in bytes."""

    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class LargefilePointer:
    """``path`` is where the file lies in a working copy; ``digest`` the SHA-1 of its content."""

    path: bytes
    digest: str


def parse_lfs_pointer(data: bytes) -> LfsPointer | None:
    """What a file's content points to, None if it is no pointer."""
    found = _LFS.fullmatch(data) if len(data) < _LONGEST else None
    return LfsPointer(found[1].decode("ascii"), int(found[2])) if found else None


def parse_largefile(path: bytes, data: bytes) -> LargefilePointer | None:
    """What a standin points to, None if the file is none."""
    found = _STANDIN.fullmatch(data) if path.startswith(_STANDINS) and path != _STANDINS else None
    return LargefilePointer(path.removeprefix(_STANDINS), found[1].decode("ascii")) if found else None
