"""Getting on the disk what Mercurial wrote: it leaves that to the operating system, which takes up to half a minute."""

import ctypes
import os
import pathlib

_libc = ctypes.CDLL(None, use_errno=True)


def sync_file_system(path: pathlib.Path) -> None:
    """Return when everything written so far to the file system of ``path`` is on the disk. Raises OSError.

    One call for all files of a push, of which there may be many thousands.
    """
    if not hasattr(_libc, "syncfs"):
        os.sync()
        return
    folder = os.open(path, os.O_RDONLY)
    try:
        if _libc.syncfs(folder) != 0:
            raise OSError(ctypes.get_errno(), "the file system could not be synced")
    finally:
        os.close(folder)
