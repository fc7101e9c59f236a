"""Putting a whole folder in its place at once."""

import contextlib
import os
import pathlib
import secrets
import shutil
from collections.abc import Iterator

from kallithea.vcs.durability import sync_file_system
from kallithea.vcs.types import VcsError


@contextlib.contextmanager
def new_folder(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A fresh sibling of ``path`` that becomes ``path`` when the block ends, and vanishes when it fails.

    The sibling's name begins with a dot, so that a scan for repositories passes over it. All in it is on disk before it
    gets its name. Parent folders are made. Raises VcsError where ``path`` exists.
    """
    if os.path.lexists(path):
        raise _taken()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.new")
    aside.mkdir()
    try:
        yield aside
        sync_file_system(aside)
        _rename(aside, path)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _sync(path.parent)


def _rename(aside: pathlib.Path, path: pathlib.Path) -> None:
    try:
        aside.rename(path)
    except OSError as problem:
        if path.exists():
            raise _taken() from problem
        raise


def _taken() -> VcsError:
    return VcsError("There is already something at this place.")


def _sync(path: pathlib.Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
