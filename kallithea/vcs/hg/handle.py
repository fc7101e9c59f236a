"""What the parts of an open Mercurial repository share."""

import contextlib
import pathlib
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from kallithea.vcs.closing import Closing
from kallithea.vcs.hg.mercurial_setup import close_local, error, open_local
from kallithea.vcs.types import CorruptObjectError, RevisionNotFoundError

_FULL_ID = re.compile("[0-9a-f]{40}")
#: What Mercurial raises for damaged storage.
DAMAGE = (error.StorageError, error.Abort, zlib.error, struct.error, IndexError, ValueError, OSError)


class HgHandle(Closing):
    """An open Mercurial repository as visitors see it: without secret and hidden changesets."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self._repository: Any = None
        self._changelog: Any = None
        self._open()

    def close(self) -> None:
        """Free what the repository holds."""
        close_local(self._repository)

    def _reopen(self) -> None:
        """See what another handle of the repository has changed."""
        close_local(self._repository)
        self._open()

    def _open(self) -> None:
        self._repository = open_local(self.path, to_read=True).filtered(b"served")
        with naming("00changelog"):
            # Asked for it, the repository looks each time whether its filter has changed; this one is for one page.
            self._changelog = self._repository.changelog

    def _node(self, commit_id: str) -> bytes:
        """The binary id of a visible changeset. Raises RevisionNotFoundError."""
        if _FULL_ID.fullmatch(commit_id) and self._is_visible(found := bytes.fromhex(commit_id)):
            return found
        raise RevisionNotFoundError("There is no such changeset.")

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
        raise CorruptObjectError(f"Object {object_id} is missing or damaged.") from problem
