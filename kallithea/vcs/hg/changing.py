"""A Mercurial repository that is locked, in a transaction, and on the disk when that is over."""

import contextlib
import os
import pathlib
from collections.abc import Iterator
from typing import Any

from kallithea.core.memory import release_memory
from kallithea.core.storage import find_storage_fault
from kallithea.core.words import _
from kallithea.vcs.durability import sync_file_system
from kallithea.vcs.hg.announcing import Announcing
from kallithea.vcs.hg.locks import break_dead_locks
from kallithea.vcs.hg.mercurial_setup import close_local, error, new_ui, open_local
from kallithea.vcs.types import BusyError, UnwritableError, VcsError
from kallithea.vcs.writing import Announce, RefusedWriteError


@contextlib.contextmanager
def changing(path: pathlib.Path, announce: Announce, *, publishing: bool = True) -> Iterator[tuple[Any, Any]]:
    """The unfiltered repository, fresh, and a transaction that is kept when the block and ``announce`` agree.

    New changesets become public where the repository is ``publishing``, as those that are pushed, else drafts. Raises
    RefusedWriteError, VcsError, and what ``announce`` raises.
    """
    ui = new_ui()
    ui.setconfig(b"phases", b"new-commit", b"public" if publishing else b"draft", b"kallithea")
    announcing = Announcing(path, ui, announce)
    repository = open_local(path, ui)
    try:
        with _translated(announcing):
            recover(repository)
            with repository.wlock(), repository.lock(), repository.transaction(b"kallithea") as transaction:
                yield repository, transaction
            sync_file_system(path)
    finally:
        close_local(repository)
        # What is written stays in memory by circles that only Mercurial could untie, megabytes for each commit.
        release_memory()


def recover(repository: Any) -> None:
    """Undo what a process left that died in the middle of a transaction; waits for one that is alive."""
    break_dead_locks(pathlib.Path(os.fsdecode(repository.path)))
    if repository.svfs.exists(b"journal"):
        repository.recover()


def recover_abandoned(path: pathlib.Path) -> None:
    """The same before something is read, but only if nobody holds the lock, and we may write.

    A process may die when its changesets are visible already. Nobody should be told of them: they will vanish. Costs
    one look at the disk where nothing was left.
    """
    if not (path / ".hg/store/journal").exists():
        return
    repository = open_local(path)
    try:
        with contextlib.suppress(error.LockError, error.Abort, OSError):
            break_dead_locks(pathlib.Path(os.fsdecode(repository.path)))
            with repository.lock(wait=False):
                recover(repository)
    finally:
        close_local(repository)


@contextlib.contextmanager
def _translated(announcing: Announcing) -> Iterator[None]:
    try:
        yield
    except error.LockUnavailable as problem:
        raise unwritten(problem) from problem
    except error.LockError as problem:
        raise BusyError(_("Somebody else is changing the repository; try again later.")) from problem
    except error.Abort as problem:
        if announcing.refused is not None:
            raise announcing.refused from problem
        raise RefusedWriteError(_("Mercurial refuses this: %(words)s.", words=_text(problem))) from problem
    except (error.StorageError, error.RepoError) as problem:
        raise VcsError(_("The repository is damaged or cannot be read.")) from problem
    except OSError as problem:
        raise unwritten(problem) from problem


def unwritten(problem: OSError) -> VcsError:
    """What to raise where the system has refused Mercurial something that it needs for writing."""
    fault = find_storage_fault(problem)
    return VcsError(_("The repository could not be written to.")) if fault is None else UnwritableError(fault)


def _text(problem: Any) -> str:
    return bytes(problem.message).decode(errors="replace")
