"""What git processes leave when they are killed so that they cannot clean up: by SIGKILL, or with the machine.

The names are those that git gives: ``tmp-objdir.c``, ``lockfile.c``, ``object-file.c``, ``pack-write.c``,
``builtin/repack.c``, ``builtin/receive-pack.c``, ``builtin/fast-import.c``. A lock of the
index belongs to the people who use the working copy.
"""

import os
import pathlib
import re
from collections.abc import Iterator

from kallithea.vcs.leftovers import Leftover
from kallithea.vcs.upkeep import BRIEF_SECONDS, UpkeepOrder

#: Objects on their way: what a push sends, or a process packs, for as long as that lasts.
_OBJECTS = re.compile(
    r"tmp_objdir-[a-z-]+-\w{6}|incoming-\w{6}|tmp_[a-z]+_\w{6}|\.tmp-\d+-.+|shallow_\w{6}|fast_import_crash_\d+"
)
#: Held while a file is written beside its place and renamed.
_BRIEF = re.compile(
    r"(?:HEAD|config|packed-refs|shallow|commit-graph(?:-chain)?|multi-pack-index)\.lock|packed-refs\.new"
)
_KEPT = re.compile(rb"(?:receive-pack|fetch-pack) \d+ on |fast-import$")
_FOLDERS = ("", "objects", "objects/pack", "objects/info", "objects/info/commit-graphs")


def list_leftovers(folder: pathlib.Path, order: UpkeepOrder) -> Iterator[Leftover]:
    """Everything in the repository's folder that may have been left, whatever its age.

    While a push may be under way, only locks that are held for moments.
    """
    for name in (*_FOLDERS, *_object_folders(folder)):
        for entry in _entries(folder / name):
            if _BRIEF.fullmatch(entry.name):
                yield Leftover(pathlib.Path(entry.path), BRIEF_SECONDS)
            elif not order.pushing and (_OBJECTS.fullmatch(entry.name) or _is_kept_for_a_while(entry)):
                yield Leftover(pathlib.Path(entry.path), order.abandoned_after)
    for base, _, names in os.walk(folder / "refs"):
        yield from (Leftover(pathlib.Path(base, name), BRIEF_SECONDS) for name in names if name.endswith(".lock"))


def _object_folders(folder: pathlib.Path) -> Iterator[str]:
    """The folders of loose objects, which have names of two digits."""
    return (f"objects/{entry.name}" for entry in _entries(folder / "objects") if len(entry.name) == 2)


def _is_kept_for_a_while(entry: os.DirEntry[str]) -> bool:
    """Whether this keeps a pack from being packed anew until the push or import that wrote it has moved its refs."""
    if not entry.name.endswith(".keep"):
        return False
    with open(entry.path, "rb") as file:  # noqa: PTH123 - the path of an entry is text
        return _KEPT.match(file.read(100)) is not None


def _entries(folder: pathlib.Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
