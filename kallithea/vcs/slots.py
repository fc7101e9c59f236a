"""Room for heavy work, mostly of git processes: only some of it is done at a time on one machine.

Each slot is a file in the local cache folder, and who has locked it with ``flock`` has the slot. A git process shares
the lock, so that the kernel gives the slot back when all who could use it are gone, however they ended.
"""

import contextlib
import enum
import fcntl
import pathlib
import time
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from kallithea.core.words import _
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import BusyError, VcsError

# Places to wait in, for each slot. Whoever waits holds up a thread of the web server, which pages need too.
_WAITING = 2
_LOOK_SECONDS = 0.02


class Weight(enum.Enum):
    """How much a process takes of the machine.

    LIGHT ones, such as one page of a history or of a folder, run at once. HEAVY ones, such as blame, archives and
    histories of a path, share ``VcsOptions.heavy_processes`` slots; JOB ones, for which nobody waits, share these too,
    but leave the last one free unless there is but one. BACKGROUND ones yield to all others, and of REPACK, which are
    such, one runs at a time. So does one of COPY, which may go on for hours, beside all others.
    """

    LIGHT = "light"
    HEAVY = "heavy"
    JOB = "job"
    COPY = "copy"
    BACKGROUND = "background"
    REPACK = "repack"

    @property
    def yields(self) -> bool:
        """Whether it runs with the least priority."""
        return self in (Weight.BACKGROUND, Weight.REPACK)


def take_slot(options: VcsOptions, weight: Weight, patience: float) -> BinaryIO | None:
    """A locked file; close it to give the slot back. None where the process needs no slot.

    Waits ``patience`` seconds at most. Raises BusyError, and VcsError where the folder of the slots cannot be used.
    """
    if weight in (Weight.LIGHT, Weight.BACKGROUND) or options.slot_folder is None:
        return None
    slots = _slots_of(options.slot_folder, weight, options.heavy_processes)
    try:
        options.slot_folder.mkdir(parents=True, exist_ok=True)
        slot = _try_any(slots) or _wait(options.slot_folder, weight, slots, patience)
    except OSError as problem:
        raise VcsError(_("The folder that bounds heavy work cannot be used.")) from problem
    if slot is None:
        raise BusyError(_("Too many large requests are being worked on. Try again in a moment."))
    return slot


def _slots_of(folder: pathlib.Path, weight: Weight, heavy: int) -> list[pathlib.Path]:
    """Those that are for this weight, in the order in which they are tried: the last one first, which jobs leave."""
    match weight:
        case Weight.HEAVY:
            return _numbered(folder, Weight.HEAVY.value, heavy)[::-1]
        case Weight.JOB:
            return _numbered(folder, Weight.HEAVY.value, max(heavy - 1, 1))
        case _:
            return _numbered(folder, weight.value, 1)


def _numbered(folder: pathlib.Path, name: str, count: int) -> list[pathlib.Path]:
    return [folder / f"{name}-{number}" for number in range(count)]


def _wait(folder: pathlib.Path, weight: Weight, slots: list[pathlib.Path], patience: float) -> BinaryIO | None:
    deadline = time.monotonic() + patience
    with _waiting_place(folder, weight, len(slots)) as place:
        while place is not None and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)
            if (slot := _try_any(slots)) is not None:
                return slot
    return None


@contextlib.contextmanager
def _waiting_place(folder: pathlib.Path, weight: Weight, count: int) -> Iterator[BinaryIO | None]:
    place = _try_any(_numbered(folder, f"{weight.value}-waiting", count * _WAITING))
    with place or contextlib.nullcontext():
        yield place


def _try_any(paths: Iterable[pathlib.Path]) -> BinaryIO | None:
    """The first of the files that nobody has locked, locked; None if there is none."""
    return next((slot for path in paths if (slot := _try(path))), None)


def _try(path: pathlib.Path) -> BinaryIO | None:
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except BaseException:
        file.close()
        raise
    return file
