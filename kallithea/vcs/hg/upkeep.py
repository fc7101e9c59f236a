"""Upkeep of Mercurial repositories: what dead processes have left, and caches. History is never rewritten."""

import contextlib
import os
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kallithea.core.memory import release_memory
from kallithea.vcs.durability import sync_file_system
from kallithea.vcs.hg.caches import warm_caches
from kallithea.vcs.hg.changed_paths import update_changed_paths
from kallithea.vcs.hg.locks import list_dead_locks, remove_dead_lock
from kallithea.vcs.hg.mercurial_setup import close_local, error, new_ui, open_local
from kallithea.vcs.leftovers import Leftover, remove_abandoned
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import BusyError, RepositoryMissingError, VcsError
from kallithea.vcs.upkeep import Step, StepTime, UpkeepOrder

#: What is written beside a file to replace it, by Mercurial (``mercurial.util.mktempcopy``) and by ``changed_paths``.
_TEMPORARY = re.compile(r"\..+-\w{8}~|.+\.[0-9a-f]{16}\.new")
_FOLDERS = ("", "cache", "wcache", "store")
# Rewritten whenever the changelog has changed; the time of the changelog that it was made from is kept as its own.
_MARK = "cache/tags2-served"
_CHANGELOG = "store/00changelog.i"


def list_steps(path: pathlib.Path, order: UpkeepOrder, options: VcsOptions) -> tuple[Step, ...]:  # noqa: ARG001 - as for Git
    """In the order in which they are done. Raises RepositoryMissingError."""
    if not (path / ".hg").is_dir():
        raise RepositoryMissingError("The repository is not there.")
    return HgUpkeep(path, order).steps()


@dataclass(frozen=True, slots=True)
class HgUpkeep:
    """The steps for one repository."""

    path: pathlib.Path
    order: UpkeepOrder

    def steps(self) -> tuple[Step, ...]:
        """Locks first: what comes after takes them."""
        return (
            Step("locks", self._has_dead_locks, self._remove_locks),
            Step("transaction", self._is_interrupted, self._recover),
            Step("leftovers", self._has_leftovers, self._remove_leftovers),
            Step("caches", self._is_cold, self._warm),
        )

    @property
    def _folder(self) -> pathlib.Path:
        return self.path / ".hg"

    def _has_dead_locks(self) -> bool:
        return bool(list_dead_locks(self._folder, self.order))

    def _remove_locks(self, _seconds: float) -> str:
        names = list_dead_locks(self._folder, self.order)
        for name in names:
            remove_dead_lock(self._folder, name, self.order)
        return f"removed {', '.join(names)}"

    def _is_interrupted(self) -> bool:
        return (self._folder / "store" / "journal").exists()

    def _recover(self, _seconds: float) -> str:
        """Who has the lock knows that nobody else is in the middle of a transaction."""
        with self._locked() as repository:
            undone = bool(repository.recover())
            sync_file_system(self.path)
        return "what a dead process had half written is undone" if undone else "it was undone meanwhile"

    def _has_leftovers(self) -> bool:
        return any(leftover.abandoned for leftover in self._leftovers())

    def _remove_leftovers(self, _seconds: float) -> str:
        return remove_abandoned(self._leftovers())

    def _leftovers(self) -> Iterator[Leftover]:
        for name in _FOLDERS if not self.order.pushing else ():
            with contextlib.suppress(FileNotFoundError):
                for path in (self._folder / name).iterdir():
                    if _TEMPORARY.fullmatch(path.name):
                        yield Leftover(path, self.order.abandoned_after)

    def _is_cold(self) -> bool:
        changelog = _modified(self._folder / _CHANGELOG)
        return changelog is not None and changelog != _modified(self._folder / _MARK)

    def _warm(self, seconds: float) -> str:
        time_left = StepTime(seconds)
        changelog = _modified(self._folder / _CHANGELOG)
        # Whoever pushes does not wait for this: it reads changesets that stay as they are.
        with self._opened() as repository:
            warm_caches(repository, time_left)
            update_changed_paths(repository, time_left)
        if changelog is not None:
            with contextlib.suppress(OSError):
                os.utime(self._folder / _MARK, ns=(changelog, changelog))
        return "they are made from the newest changesets"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Any]:
        """The open repository while nobody else can write. Raises BusyError, VcsError."""
        with self._opened() as repository, repository.wlock(wait=False), repository.lock(wait=False):
            yield repository

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Any]:
        """The open repository. Raises BusyError, VcsError."""
        repository = open_local(self.path, new_ui(), to_read=True)
        try:
            yield repository
        except error.LockHeld as problem:
            raise BusyError("Somebody is changing the repository.") from problem
        except (error.Abort, error.LockError, error.RepoError, error.StorageError) as problem:
            raise VcsError("Mercurial cannot read or write what it needs.") from problem
        finally:
            close_local(repository)
            # Mercurial's objects refer to each other in circles, and hold much of what they have read.
            release_memory()


def _modified(path: pathlib.Path) -> int | None:
    """When a file was written, in nanoseconds since 1970; None if it does not exist."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
