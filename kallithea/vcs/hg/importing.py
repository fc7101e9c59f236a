"""Mercurial repositories that come from elsewhere: whole at first, later what is new there.

What comes over the network goes into a repository that nobody sees: the new one before it gets its name, or a copy of
the store, whose files are hard links until Mercurial appends to them. So nobody who pushes waits for the network, and
what is cancelled or too large leaves nothing. From such a copy the changesets are then pulled on this machine, in one
transaction.
"""

import contextlib
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kallithea.core.memory import release_memory
from kallithea.core.words import _
from kallithea.vcs.hg.changing import changing
from kallithea.vcs.hg.labels import is_usable
from kallithea.vcs.hg.mercurial_setup import close_local, create_local, encoding, new_ui, open_local
from kallithea.vcs.hg.refs import read_bookmarks
from kallithea.vcs.hg.remote_peer import open_peer
from kallithea.vcs.hg.remote_problems import translated
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.placing import new_folder, scratch_folder
from kallithea.vcs.remote import Amount, Listener, PullReport, RemoteError, RemoteSource, RemoteStep
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.types import RefUpdate
from kallithea.vcs.writing import Announce

# isort: split
# Only after the module above has prepared Mercurial.
from mercurial import bookmarks, exchange, scmutil, setdiscovery, streamclone
from mercurial.utils import urlutil

_UNITS = {b"changesets": "changesets", b"manifests": "manifests", b"files": "files"}
_LFS = b"lfs-serve"
_PLACE = b"file:elsewhere"
_SETTINGS: dict[tuple[bytes, bytes], bytes] = {
    # Other places that a server names are not heeded, and changesets are checked instead of copied as files.
    (b"ui", b"clonebundles"): b"no",
    (b"server", b"validate"): b"yes",
    # Drafts stay drafts on the way from one repository here to another.
    (b"phases", b"publish"): b"no",
}


def clone_repository(
    source: RemoteSource,
    target: pathlib.Path,
    options: VcsOptions,  # noqa: ARG001 - the same call as for Git
    listener: Listener,
) -> None:
    """See ``opener.clone_repository``."""
    with new_folder(target) as folder:
        guard = Guard(listener, source.rules, folder)
        guard.begin(RemoteStep.CONNECT)
        with translated(source), open_peer(source, guard) as peer:
            _require_plain(peer)
            create_local(folder)
            marks = _receive(folder, peer, guard)
            guard.begin(RemoteStep.STORE)
            with _opened(folder) as repository:
                _set_bookmarks(repository, {name: at for name, at in marks.items() if _has(repository, at)})
        guard.check_size()
        release_memory()


def pull_repository(
    source: RemoteSource,
    path: pathlib.Path,
    options: VcsOptions,  # noqa: ARG001 - the same call as for Git
    listener: Listener,
    announce: Announce,
) -> PullReport:
    """See ``opener.pull_repository``."""
    with scratch_folder(path) as folder:
        guard = Guard(listener, source.rules, folder)
        guard.begin(RemoteStep.CONNECT)
        with translated(source):
            with open_peer(source, guard) as peer:
                _require_plain(peer)
                if _has_news(path, peer):
                    _copy_store(path, folder)
                    guard.leave_out()
                    marks = _receive(folder, peer, guard)
                else:
                    guard.begin(RemoteStep.RECEIVE)
                    marks = _list_bookmarks(peer)
            guard.check_size()
            guard.begin(RemoteStep.STORE)
            return _take(path, folder, marks, announce, guard)


def _require_plain(peer: Any) -> None:
    if peer.capable(_LFS):
        raise RemoteError(
            _("The other repository keeps large files with Mercurial's lfs extension, which is not supported.")
        )


def _has_news(path: pathlib.Path, peer: Any) -> bool:
    """Whether there are changesets that are not here, or that may have become public."""
    with _opened(path) as repository:
        _common, anything, _heads = setdiscovery.findcommonheads(
            repository.ui, repository, peer, abortwhenunrelated=True
        )
        return bool(anything) or bool(repository._phasecache.hasnonpublicphases(repository))  # noqa: SLF001


def _copy_store(path: pathlib.Path, folder: pathlib.Path) -> None:
    with _opened(path) as origin:
        create_local(folder, like=origin)
        with _opened(folder) as copy, copy.wlock(), copy.lock(), origin.lock():
            streamclone.local_copy(origin, copy)


def _receive(folder: pathlib.Path, peer: Any, guard: Guard) -> dict[bytes, bytes]:
    """Pull everything that the other repository shows, and return its bookmarks."""
    guard.begin(RemoteStep.RECEIVE)
    with _opened(folder) as repository:
        _listen(repository.ui, guard)
        peer.ui.makeprogress = repository.ui.makeprogress
        exchange.pull(repository, peer, path=_unmarked(), streamclonerequested=False)
        guard.say(f"changesets now: {len(repository)}")
    return _list_bookmarks(peer)


def _take(
    path: pathlib.Path, folder: pathlib.Path, marks: Mapping[bytes, bytes], announce: Announce, guard: Guard
) -> PullReport:
    """Pull from the copy, if there is one, and move bookmarks: all that, or nothing."""
    moved: list[bytes] = []

    def note(updates: Sequence[RefUpdate]) -> None:
        announce(updates)
        moved.extend(update.name for update in updates)

    with contextlib.ExitStack() as stack:
        copy = stack.enter_context(_opened(folder)) if (folder / ".hg").is_dir() else None
        with _opened(path) as repository:
            wanted, left = _compare_bookmarks(copy or repository, read_bookmarks(repository), marks)
        if copy is None and not wanted:
            return PullReport((), tuple(left))
        with changing(path, note) as (repository, transaction):
            if copy is not None:
                _listen(repository.ui, guard)
                exchange.pull(repository, copy.peer(), path=_unmarked())
            now = read_bookmarks(repository)
            # one that somebody has moved meanwhile stays where they have put it
            changes = [(encoding.tolocal(name), new) for name, (old, new) in wanted.items() if now.get(name) == old]
            repository._bookmarks.applychanges(repository, transaction, changes)  # noqa: SLF001
    return PullReport(tuple(moved), tuple(left))


def _compare_bookmarks(
    repository: Any, own: Mapping[bytes, bytes], marks: Mapping[bytes, bytes]
) -> tuple[dict[bytes, tuple[bytes | None, bytes]], list[tuple[bytes, str]]]:
    """Bookmarks to move, from where to where, and those that stay, each with the reason."""
    wanted: dict[bytes, tuple[bytes | None, bytes]] = {}
    left: list[tuple[bytes, str]] = []
    for name, new in sorted(marks.items()):
        old = own.get(name)
        if old == new or not _has(repository, new):
            continue
        if old is None or bookmarks.validdest(repository, repository[old], repository[new]):
            wanted[name] = (old, new)
        elif not bookmarks.validdest(repository, repository[new], repository[old]):
            left.append((b"bookmarks/" + name, _("it has gone another way here")))
    return wanted, left


def _list_bookmarks(peer: Any) -> dict[bytes, bytes]:
    """Names in UTF-8 and binary ids of the bookmarks that a peer shows.

    Divergent ones such as ``@default`` are left out, as are those of a name that nobody could push.
    """
    found = bookmarks.unhexlifybookmarks(exchange.listkeys(peer, b"bookmarks"))
    shown = {bytes(name): bytes(at) for name, at in found.items() if name == b"@" or b"@" not in name}
    return {name: at for name, at in shown.items() if is_usable(name)}


def _set_bookmarks(repository: Any, marks: Mapping[bytes, bytes]) -> None:
    with repository.wlock(), repository.lock(), repository.transaction(b"bookmarks") as transaction:
        changes = [(encoding.tolocal(name), at) for name, at in marks.items()]
        repository._bookmarks.applychanges(repository, transaction, changes)  # noqa: SLF001


def _has(repository: Any, at: bytes) -> bool:
    return bool(repository.filtered(b"served").changelog.hasnode(at))


def _unmarked() -> Any:
    """What tells a pull to leave bookmarks alone."""
    path = urlutil.path(new_ui(), None, _PLACE, validate_path=False)
    path.bookmarks_mode = b"ignore"
    return path


@contextlib.contextmanager
def _opened(path: pathlib.Path) -> Iterator[Any]:
    ui = new_ui()
    for (section, name), value in _SETTINGS.items():
        ui.setconfig(section, name, value, b"kallithea")
    repository = open_local(path, ui)
    try:
        yield repository
    finally:
        close_local(repository)


def _listen(ui: Any, guard: Guard) -> None:
    """Have the guard told while Mercurial works."""

    def show(topic: bytes, position: int | None, _item: bytes, _unit: bytes, total: int | None) -> None:
        if position is not None and topic in _UNITS:
            guard.count(Amount(_UNITS[topic], position, total or 0, guard.receive(0)))
        else:
            guard.tick()

    def make_progress(topic: bytes, unit: bytes = b"", total: int | None = None) -> Any:
        return scmutil.progress(ui, show, topic, unit, total)

    ui.makeprogress = make_progress
