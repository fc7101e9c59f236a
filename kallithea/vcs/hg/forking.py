"""Forks of Mercurial repositories: what visitors see of them.

Mercurial breaks a hard link before it appends to a file, so a fork can have the store's files under names of its own.
They hold secret and hidden changesets as well; where there are any, the others are pulled instead. Either way the fork
has the obsolescence markers and the bookmarks of its changesets. All of these are public, as in
any clone, unless the repository is not publishing.
"""

import contextlib
import pathlib
from collections.abc import Iterator
from typing import Any

from kallithea.core.memory import release_memory
from kallithea.core.words import _
from kallithea.vcs.forking import TellProgress
from kallithea.vcs.hg.mercurial_setup import close_local, create_local, encoding, error, open_local
from kallithea.vcs.hg.refs import read_bookmarks
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder
from kallithea.vcs.types import VcsError

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import exchange, scmutil, streamclone

_COPIED = 95

# What Mercurial says it is working on, as far as that tells people something.
_TOPICS = {
    b"changesets": _("Copying changesets"),
    b"manifests": _("Copying manifests"),
    b"files": _("Copying files"),
    b"copying": _("Copying files"),
    b"linking": _("Linking files"),
}
_OTHER_TOPIC = _("Copying the repository")


def fork_repository(
    source: pathlib.Path,
    target: pathlib.Path,
    options: VcsOptions,
    tell: TellProgress,
) -> None:
    """See ``opener.fork_repository``."""
    with _opened(source, publishing=options.publishing) as origin, new_folder(target) as folder, _translated():
        create_local(folder, like=origin)
        with _opened(folder) as fork:
            for repository in (origin, fork):
                _listen(repository.ui, tell)
            if not _link(origin, fork):
                _pull(origin, fork)
        # Mercurial's objects refer to each other in circles, and hold much of what they have read.
        release_memory()
        tell(_COPIED, _("Storing"))


def _link(origin: Any, fork: Any) -> bool:
    """Take the store's files over; False where visitors do not see all of them. Who pushes waits meanwhile."""
    with fork.wlock(), fork.lock(), origin.lock():
        if origin.filtered(b"served").changelog.filteredrevs:
            return False
        streamclone.local_copy(origin, fork)
    return True


def _pull(origin: Any, fork: Any) -> None:
    exchange.pull(fork, origin.peer())
    marks = read_bookmarks(origin.filtered(b"served"))
    with fork.wlock(), fork.lock(), fork.transaction(b"bookmarks") as transaction:
        changes = [(encoding.tolocal(name), at) for name, at in marks.items()]
        fork._bookmarks.applychanges(fork, transaction, changes)  # noqa: SLF001 - there is no other way


@contextlib.contextmanager
def _opened(path: pathlib.Path, *, publishing: bool = True) -> Iterator[Any]:
    repository = open_local(path)
    repository.ui.setconfig(b"phases", b"publish", publishing, b"kallithea")
    try:
        yield repository
    finally:
        close_local(repository)


def _listen(ui: Any, tell: TellProgress) -> None:
    """Have ``tell`` called while Mercurial works."""

    def show(topic: bytes, position: int | None, _item: bytes, _unit: bytes, total: int | None) -> None:
        if position is not None:
            tell(_COPIED * position // max(total or 0, position, 1), _TOPICS.get(topic, _OTHER_TOPIC))

    def make_progress(topic: bytes, unit: bytes = b"", total: int | None = None) -> Any:
        return scmutil.progress(ui, show, topic, unit, total)

    ui.makeprogress = make_progress


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except error.LockError as problem:
        raise VcsError(_("Somebody is changing the repository; try again later.")) from problem
    except (error.Abort, error.StorageError, error.RepoError) as problem:
        raise VcsError(_("The repository could not be copied.")) from problem
