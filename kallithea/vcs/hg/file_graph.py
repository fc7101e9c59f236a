"""The versions of a file that led to one of them, and their contents."""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from kallithea.core.words import _
from kallithea.vcs.blame import LARGEST_FILE
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.mercurial_setup import mdiff, storageutil
from kallithea.vcs.hg.patches import stored_size
from kallithea.vcs.types import LimitExceededError

#: Path and file node.
Version: TypeAlias = tuple[bytes, bytes]

# Mercurial stores a version as its difference to an older one, so reading is cheap from old to new. Who asks goes from
# new to old; up to so many bytes, and so many versions, are read ahead of that, in the cheap direction.
_READ_AHEAD = 8 << 20
_MOST_AHEAD = 100


class FileGraph:
    """The version of a file in a changeset, and all from which it came, renames followed.

    ``order`` has children before their parents, and among those that could come next the newest.
    """

    def __init__(self, repository: Any, revision: int, path: bytes) -> None:
        self._repository = repository
        self._logs: dict[bytes, Any] = {}
        self._introduced: dict[bytes, frozenset[int]] = {}
        self._parents: dict[Version, tuple[Version, ...]] = {}
        self._texts: dict[Version, bytes] = {}
        context = repository[revision][path]
        self.newest: Version = (path, context.filenode())
        self._top: int = context.introrev()
        self._revisions: dict[Version, int] = {self.newest: self._top}
        self._gather()
        self.order = tuple(self._newest_first())
        self._places = {version: place for place, version in enumerate(self.order)}

    def parents(self, version: Version) -> tuple[Version, ...]:
        """The versions from which this one was made: none, one, or two for a merge."""
        return self._parents[version]

    def revision(self, version: Version) -> int:
        """The local number of the changeset that made the version, an ancestor of the one that was asked for."""
        return self._revisions[version]

    def text(self, version: Version) -> bytes:
        """The content. Raises CorruptObjectError, LimitExceededError."""
        if version not in self._texts:
            self._read_ahead(version)
        return self._texts[version]

    def forget(self, version: Version) -> None:
        """Its content is not needed any more."""
        self._texts.pop(version, None)

    def _gather(self) -> None:
        waiting = [self.newest]
        while waiting:
            version = waiting.pop()
            self._parents[version] = parents = tuple(self._read_parents(version))
            for parent in parents:
                if parent not in self._revisions:
                    self._revisions[parent] = self._find_revision(parent, self._revisions[version])
                    waiting.append(parent)

    def _read_parents(self, version: Version) -> Iterator[Version]:
        path, at = version
        log = self._log(path)
        with naming(at.hex()):
            nodes = [parent for parent in log.parents(at) if parent != self._repository.nullid]
            # Where a file was copied, its source takes the place of the first parent, which is then null.
            source = log.renamed(at) if len(nodes) < 2 else None
        if source:
            yield source[0], source[1]
        for parent in nodes:
            yield path, parent

    def _find_revision(self, version: Version, child: int) -> int:
        """The ancestor of the changeset ``child`` that made the version.

        The number that is stored with a version is that of the first changeset that made it, which may lie on another
        branch, or not be there for visitors.
        """
        path, at = version
        log = self._log(path)
        linked = int(log.linkrev(log.rev(at)))
        if linked in self._ancestors_that_changed(path):
            return linked
        found = int(self._repository.filectx(path, changeid=child, fileid=at).introrev())
        return found if found < child else child

    def _ancestors_that_changed(self, path: bytes) -> frozenset[int]:
        """Of the changesets stored with the versions at a path, those that are ancestors of the newest version's."""
        if path not in self._introduced:
            log = self._log(path)
            linked = {revision for revision in map(log.linkrev, log) if revision <= self._top}
            lowest = min(linked, default=self._top)
            changelog = self._repository.changelog
            reached = changelog.reachableroots(lowest, [self._top], list(linked), includepath=True)
            self._introduced[path] = frozenset(linked.intersection(reached))
        return self._introduced[path]

    def _newest_first(self) -> Iterator[Version]:
        children = dict.fromkeys(self._parents, 0)
        for parents in self._parents.values():
            for parent in parents:
                children[parent] += 1
        ready = [(-self._top, self.newest)]
        while ready:
            version = heapq.heappop(ready)[1]
            yield version
            for parent in self._parents[version]:
                children[parent] -= 1
                if not children[parent]:
                    heapq.heappush(ready, (-self._revisions[parent], parent))

    def _read_ahead(self, version: Version) -> None:
        log = self._log(version[0])
        place = self._places[version]
        wanted: list[Version] = []
        size = 0
        for candidate in self.order[place : place + _MOST_AHEAD]:
            if candidate[0] == version[0] and candidate not in self._texts:
                size += stored_size(log, candidate[1])
                if wanted and size > _READ_AHEAD:
                    break
                wanted.append(candidate)
        stored: dict[int, bytes] = {}
        for older in reversed(wanted):
            with naming(older[1].hex()):
                self._texts[older] = bytes(storageutil.filtermetadata(_read(log, older[1], stored)))

    def _log(self, path: bytes) -> Any:
        if path not in self._logs:
            self._logs[path] = self._repository.file(path)
        return self._logs[path]


def _read(log: Any, at: bytes, stored: dict[int, bytes]) -> bytes:
    """The content of a version as it is stored, which is added to those that are already known.

    Mercurial would rebuild it from the last whole content; from a known one a single difference is enough.
    """
    if stored_size(log, at) > 2 * LARGEST_FILE:
        raise LimitExceededError(_("An earlier version of this file is too large to be annotated."))
    # There is no public call that tells to what a version is the difference.
    revlog = log._revlog  # noqa: SLF001
    number = log.rev(at)
    base = revlog.deltaparent(number)
    content = mdiff.patch(stored[base], revlog.revdiff(base, number)) if base in stored else b""
    if base not in stored or not _is_content_of(at, content, log.parents(at)):
        content = revlog.revision(at)
    stored[number] = content
    return bytes(content)


def _is_content_of(at: bytes, content: bytes, parents: Sequence[bytes]) -> bool:
    """Whether a file node, which is the hash of both parents in ascending order and the content, is that of these."""
    digest = hashlib.sha1(b"".join(sorted(parents)), usedforsecurity=False)
    digest.update(content)
    return digest.digest() == at
