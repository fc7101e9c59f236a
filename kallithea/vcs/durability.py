"""Getting many files on the disk, which the operating system by itself takes up to half a minute for."""

import ctypes
import os
import pathlib

_libc = ctypes.CDLL(None, use_errno=True)


def sync_folder(path: pathlib.Path) -> None:
    """Return when the names of what lies in the folder are on the disk. Raises OSError."""
    _sync(path, os.O_DIRECTORY)


def sync_file(path: pathlib.Path) -> None:
    """Return when what is in the file is on the disk. Raises OSError."""
    _sync(path, 0)


def _sync(path: pathlib.Path, flags: int) -> None:
    number = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_file_system(path: pathlib.Path) -> None:
    """Return when everything written so far to the file system of ``path`` is on the disk. Raises OSError.

    One call for all files of a push to Mercurial or of a new repository, of which there may be many thousands.
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
