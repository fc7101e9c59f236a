"""Transactions of a Mercurial repository that are announced before they are kept."""

import contextlib
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kallithea.core.errors import KallitheaError
from kallithea.vcs.hg.labels import require_usable
from kallithea.vcs.hg.mercurial_setup import error
from kallithea.vcs.hg.refs import HgRefs, read_refs
from kallithea.vcs.types import RefUpdate
from kallithea.vcs.writing import Announce, RefusedWriteError


class Announcing:
    """Hooks in a ui, which is then to be given to the repository in the folder ``path``.

    ``announce`` is called inside each transaction with what it moves; what it raises there undoes it, and
    ``refused`` is that error. Without ``announce`` no transaction is kept.
    """

    def __init__(
        self,
        path: pathlib.Path,
        ui: Any,
        announce: Announce | None,
        keep: Callable[[], None] = lambda: None,
        take_words: Callable[[], bytes] = lambda: b"",
    ) -> None:
        """``keep`` is called when a transaction was kept. What ``take_words`` then gives goes to the client."""
        self._path = path
        self._keep = keep
        self._take_words = take_words
        self._announce = announce
        self._closed = self._aborted = False
        self.refused: KallitheaError | RefusedWriteError | None = None
        ui.setconfig(b"hooks", b"pretxnclose.kallithea", self._before_close, b"kallithea")
        ui.setconfig(b"hooks", b"txnclose.kallithea", self._after_close, b"kallithea")
        ui.setconfig(b"hooks", b"txnabort.kallithea", self._after_abort, b"kallithea")

    @property
    def moved(self) -> bool:
        """Whether a transaction was kept."""
        return self._closed and not self._aborted

    def _before_close(self, ui: Any, repo: Any, **details: Any) -> None:
        if self._announce is None:
            raise error.HookAbort(b"this request may only read")
        with contextlib.closing(HgRefs(self._path)) as before:
            old = before.state().refs
        updates = _difference(old, read_refs(repo.unfiltered().filtered(b"served")))
        transaction = repo.currenttransaction()
        # For hooks, which are processes of their own.
        transaction.writepending()
        try:
            require_usable(_given_names(transaction, updates))
            self._announce(updates)
        except (KallitheaError, RefusedWriteError) as problem:
            self.refused = problem
            raise error.HookAbort(str(problem).encode()) from problem
        self._say(ui)

    def _after_close(self, ui: Any, repo: Any, **details: Any) -> None:
        self._closed = True
        self._keep()
        self._say(ui)

    def _say(self, ui: Any) -> None:
        words = self._take_words()
        if words:
            ui.status(words)

    def _after_abort(self, ui: Any, repo: Any, **details: Any) -> None:
        self._aborted = True


def _difference(old: Mapping[bytes, str], new: Mapping[bytes, str]) -> list[RefUpdate]:
    names = sorted(old.keys() | new.keys())
    return [RefUpdate(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _given_names(transaction: Any, updates: Sequence[RefUpdate]) -> Iterator[bytes]:
    """Branches and bookmarks that get a value, and bookmarks that nobody is shown but that are written with them."""
    yield from (update.name.partition(b"/")[2] for update in updates if update.new is not None)
    yield from (name for name, (_old, new) in transaction.changes[b"bookmarks"].items() if new is not None)
