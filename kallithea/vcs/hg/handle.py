"""What the parts of an open Mercurial repository share."""

import contextlib
import pathlib
import re
import struct
import types
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.closing import Closing
from kallithea.vcs.hg.effort import working
from kallithea.vcs.hg.file_walks import watching
from kallithea.vcs.hg.mercurial_setup import close_local, error, open_local, tidy_local
from kallithea.vcs.hg.state_files import fingerprint_of_refs
from kallithea.vcs.kept import KeptRepositories
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import BusyError, CorruptObjectError, RevisionNotFoundError

_FULL_ID = re.compile("[0-9a-f]{40}")
# Where one push follows another all the time.
_OPENED_AT_MOST = 20
#: What Mercurial raises for damaged storage.
DAMAGE = (error.StorageError, error.Abort, zlib.error, struct.error, IndexError, ValueError, OSError)


class OpenedHg:
    """A repository as visitors see it, without secret and hidden changesets, and its changelog."""

    def __init__(self, path: pathlib.Path) -> None:
        opened = open_local(path, to_read=True)
        # With the lock, which it takes to write into its caches, Mercurial looks at everything anew: a page would go on
        # with what has come since.
        opened.invalidate = lambda *_arguments, **_options: None
        self.repository: Any = opened.filtered(b"served")
        with naming("00changelog"):
            # Mercurial reads its changelog anew when it first needs bookmarks: later, refs would name changesets that
            # have come since then. A file of them that cannot be read is in the way of refs alone.
            with contextlib.suppress(OSError):
                self.repository._bookmarks  # noqa: B018, SLF001 - there is no other way
            # Asked for it, the repository looks each time whether its filter has changed; this one is for one page.
            self.changelog: Any = self.repository.changelog

    @property
    def weight(self) -> int:
        """About how many changesets the memory that it holds would be for."""
        return len(self.changelog) + len(self.repository.obsstore)

    def rest(self) -> None:
        """Give up what was read for one page."""
        tidy_local(self.repository)

    def close(self) -> None:
        """Free what is held; a second time, nothing happens."""
        close_local(self.repository)


class HgHandle(Closing):
    """An open Mercurial repository as visitors see it; where all went well, it is kept open for the next page.

    ``options`` say how much heavy work is done at a time.
    """

    options = VcsOptions()

    def __init__(self, path: pathlib.Path, kept: KeptRepositories | None = None, *, publishing: bool = True) -> None:
        self.path = path
        self._publishing = publishing
        self._kept = kept
        self._opened: OpenedHg | None = None
        self._open()

    def close(self) -> None:
        """Free what the repository holds."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.note_time()
        if kind is not None or self._kept is None or self._opened is None:
            self.close()
            return
        opened, self._opened = self._opened, None
        opened.rest()
        self._kept.give(self.path, self._state, opened, opened.weight)

    def _reopen(self) -> None:
        """See what another handle of the repository has changed."""
        self.close()
        self._open()

    def _open(self) -> None:
        for _attempt in range(_OPENED_AT_MOST):
            self._state = fingerprint_of_refs(self.path)
            kept = self._kept.take(self.path, self._state) if self._kept is not None else None
            opened = kept if isinstance(kept, OpenedHg) else OpenedHg(self.path)
            self._opened, self._repository, self._changelog = opened, opened.repository, opened.changelog
            # What has changed meanwhile is opened anew: who has the state of before would be told its refs.
            if opened is kept or fingerprint_of_refs(self.path) == self._state:
                break
            self.close()
        else:
            raise BusyError(_("The repository changes all the time. Try again in a moment."))

    @contextlib.contextmanager
    def _working(
        self, seconds: float, *, light_seconds: float = 2.0, patience: float = 2.0
    ) -> Iterator[Callable[[], None]]:
        """See ``effort.working``; long walks of Mercurial's own end with the time as well."""
        turn = working(self.options, seconds, light_seconds=light_seconds, patience=patience)
        with turn as check, watching(self._repository, check):
            yield check

    def _node(self, commit_id: str) -> bytes:
        """The binary id of a visible changeset. Raises RevisionNotFoundError."""
        if _FULL_ID.fullmatch(commit_id) and self._is_visible(found := bytes.fromhex(commit_id)):
            return found
        raise RevisionNotFoundError(_("There is no such changeset."))

    def _is_visible(self, at: bytes) -> bool:
        """Whether a binary id is that of a changeset that visitors may see; the ids Mercurial reserves are none."""
        constants = self._repository.nodeconstants
        reserved = at == constants.nullid or at == constants.wdirid or at in constants.wdirfilenodeids
        return not reserved and bool(self._changelog.hasnode(at))

    def _revision(self, commit_id: str) -> int:
        """The local number of a visible changeset. Raises RevisionNotFoundError."""
        return int(self._changelog.rev(self._node(commit_id)))

    def _text(self, revision: int) -> bytes:
        """The changelog entry of a local number. Raises CorruptObjectError."""
        with naming(self._changelog.node(revision).hex()):
            return bytes(self._changelog.revision(revision))


@contextlib.contextmanager
def naming(object_id: str) -> Iterator[None]:
    """Turn what Mercurial raises for damaged storage into a CorruptObjectError that names ``object_id``."""
    try:
        yield
    except DAMAGE as problem:
        raise CorruptObjectError(_("Object %(name)s is missing or damaged.", name=object_id)) from problem
