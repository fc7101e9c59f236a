"""Bundles of large Mercurial histories, made before anybody clones.

What else is kept for clones is good until the next push. A bundle is good for longer: clients take it, then pull what
is newer. Upkeep makes one of a large repository and notes the heads that it ends with; clients are told of it as long
as all of these are visible and the file is there. Who asks for one that is gone meanwhile has it made again, since hg
would give up instead.
"""

import contextlib
import hashlib
import os
import pathlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kallithea.cache.growing_store import GrowingStore, Production, Reader
from kallithea.services.application import Application, machine_name
from kallithea.vcs.clone_bundling import CloneBundling
from kallithea.vcs.opener import open_clone_bundling, read_fingerprint
from kallithea.vcs.types import Kind
from kallithea.vcs.upkeep import Step, StepTime

_FORMAT = 1
# Entries of the changelog's index take 64 bytes: of less than some 2,000 changesets, hg pulls quickly.
_WORTH = 128_000
# The index has grown so much since a bundle was made that another one saves its clients work.
_GROWTH = 1.1
#: More heads would make the name of a bundle too long for a header.
_MOST_HEADS = 50
_NAME = re.compile(rf"[0-9a-f]{{40}}(?:-[0-9a-f]{{40}}){{0,{_MOST_HEADS - 1}}}")
_YES, _NO = b"1", b"0"


@dataclass(frozen=True, slots=True)
class CloneBundles:
    """Those of one Mercurial repository in an absolute ``folder``."""

    application: Application
    packs: GrowingStore
    repository_id: int
    folder: pathlib.Path

    def find(self) -> str | None:
        """The name of the bundle that clients may be told of, if there is one on this machine."""
        noted = self._noted()
        if noted is None or not noted[1] or not self.packs.has(self._key(noted[1])) or not self.is_visible(noted[1]):
            return None
        return noted[1]

    def is_visible(self, name: str) -> bool:
        """Whether a client may have a bundle of this name, from whomever it has that: every head of it is visible.

        Raises RepositoryMissingError, VcsError.
        """
        if not _NAME.fullmatch(name):
            return False
        store = self.application.told
        state = read_fingerprint(Kind.HG, self.folder)
        key = f"hg-bundle-visible:{_FORMAT}:{self.repository_id}:{state}:{_digest(name)}"
        kept = store.get(key)
        if kept is None:
            with self._opened() as repository:
                kept = _YES if repository.shows(name.split("-")) else _NO
            store.put(key, kept)
        return kept == _YES

    def open(self, name: str) -> tuple[Reader, Production | None]:
        """The bundle, as an answer to whoever asks for it; with a Production, it is to be made. Raises OSError."""
        return self.packs.open(self._key(name))

    def write(self, name: str, production: Production, check: Callable[[], None]) -> None:
        """Write a bundle, and leave it to the caller to end its production.

        ``check`` is called now and then; what it raises ends the writing. Raises VcsError, OSError.
        """
        whole = os.fdopen(os.dup(production.fileno()), "wb")
        with self._opened() as repository, whole as file, production.spool() as spool:
            repository.write(name.split("-"), file, spool, check)

    def step(self) -> Step:
        """What upkeep does."""
        return Step("clone bundle", self._is_needed, self._renew, heavy=True)

    def _is_needed(self) -> bool:
        size = self._size()
        if size < _WORTH:
            return False
        noted = self._noted()
        if noted is None or size > noted[0] * _GROWTH:
            return True
        return bool(noted[1]) and self.find() is None

    def _renew(self, seconds: float) -> str:
        time_left, size = StepTime(seconds), self._size()
        with self._opened() as repository:
            heads = repository.heads()
        if not 0 < len(heads) <= _MOST_HEADS:
            # Noted as well, or it would be looked for again and again.
            self._note(size, "")
            return f"there are {len(heads)} heads, so none is made"
        name = "-".join(heads)
        reader, production = self.open(name)
        with contextlib.closing(reader):
            if production is not None:
                self._make(name, production, time_left.check)
        self._note(size, name)
        return "it is made of all visible changesets"

    def _make(self, name: str, production: Production, check: Callable[[], None]) -> None:
        try:
            self.write(name, production, check)
        except BaseException:
            production.give_up()
            raise
        production.finish()

    def _size(self) -> int:
        try:
            return (self.folder / ".hg/store/00changelog.i").stat().st_size
        except FileNotFoundError:
            return 0

    def _noted(self) -> tuple[int, str] | None:
        """How large the changelog's index was when the last bundle was made, and the name of that."""
        noted = self.application.caches.small.get(self._note_key)
        if noted is None:
            return None
        size, _space, name = noted.decode("ascii").partition(" ")
        return int(size), name

    def _note(self, size: int, name: str) -> None:
        # Not among what processes remember: it changes.
        self.application.caches.small.put(self._note_key, f"{size} {name}".encode("ascii"))

    @property
    def _note_key(self) -> str:
        # The file is local, and a cache server may be that of several machines.
        return f"hg-bundle:{_FORMAT}:{self.repository_id}:on {machine_name()}"

    def _key(self, name: str) -> str:
        return f"hg-bundle:{_FORMAT}:{self.repository_id}:{name}"

    @contextlib.contextmanager
    def _opened(self) -> Iterator[CloneBundling]:
        with contextlib.closing(open_clone_bundling(self.folder)) as repository:
            yield repository


def steps_for(application: Application, repository_id: int, kind: Kind, folder: pathlib.Path) -> Sequence[Step]:
    """What upkeep has to do for a repository beside what its kind needs."""
    # Without caches nothing can be noted that clients would be told.
    if kind is not Kind.HG or application.packs is None or not application.settings.cache_enabled:
        return ()
    return (CloneBundles(application, application.packs, repository_id, folder).step(),)


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode("ascii"), digest_size=20).hexdigest()
