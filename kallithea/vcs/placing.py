"""Putting a whole folder in its place at once."""

import contextlib
import fcntl
import os
import pathlib
import re
import secrets
import shutil
from collections.abc import Iterator

from kallithea.core.words import _
from kallithea.vcs.durability import sync_file_system, sync_folder
from kallithea.vcs.types import VcsError

_ASIDE = re.compile(r"\..+\.[0-9a-f]{16}\.new", re.DOTALL)


@contextlib.contextmanager
def new_folder(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A fresh sibling of ``path`` that becomes ``path`` when the block ends, and vanishes when it fails.

    The sibling's name begins with a dot, so that a scan for repositories passes over it. All in it is on disk before it
    gets its name. Parent folders are made. Raises VcsError where ``path`` exists.
    """
    if os.path.lexists(path):
        raise _taken()
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(path) as aside:
        yield aside
        sync_file_system(aside)
        _rename(aside, path)
    sync_folder(path.parent)


@contextlib.contextmanager
def scratch_folder(path: pathlib.Path) -> Iterator[pathlib.Path]:
    """A fresh sibling of ``path`` that vanishes when the block ends, unless it has got another name by then."""
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.new")
    aside.mkdir()
    try:
        with _locked(aside):
            yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def is_left_aside(path: pathlib.Path) -> bool:
    """Whether this is such a sibling as is made here, and no living process of this machine has made it."""
    if not _ASIDE.fullmatch(path.name):
        return False
    try:
        with _locked(path):
            return True
    except BlockingIOError:
        return False


@contextlib.contextmanager
def _locked(folder: pathlib.Path) -> Iterator[None]:
    """Hold a lock on the folder that ends with the process, where its file system has some. Raises BlockingIOError."""
    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            # Then its age alone tells.
            pass
        yield
    finally:
        os.close(number)


def _rename(aside: pathlib.Path, path: pathlib.Path) -> None:
    try:
        aside.rename(path)
    except OSError as problem:
        if path.exists():
            raise _taken() from problem
        raise


def _taken() -> VcsError:
    return VcsError(_("There is already something at this place."))
