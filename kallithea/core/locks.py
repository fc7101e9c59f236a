"""Which files are locked with ``flock``, found out without touching the locks; see proc(5), "locks"."""

import os
import pathlib
import re
from collections.abc import Collection

_LOCKS = pathlib.Path("/proc/locks")
# A line with "->" is of somebody who waits.
_HELD = re.compile(r"^\d+: FLOCK .*? [0-9a-f]+:[0-9a-f]+:(\d+) ", re.MULTILINE)


def locked_names(folder: pathlib.Path) -> Collection[str]:
    """The names of the files of a folder that some process of this machine has locked.

    There are none where the folder, or the system's list of locks, is not there.
    """
    try:
        held = {int(number) for number in _HELD.findall(_LOCKS.read_text())}
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries if entry.inode() in held}
    except OSError:
        return ()
