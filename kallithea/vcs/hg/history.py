"""Changesets of Mercurial repositories and their order."""

import contextlib
import functools
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.hg.changesets import parse_entry
from kallithea.vcs.hg.entries import read_entries
from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.mercurial_setup import error, obsolete, obsutil, phases
from kallithea.vcs.hg.refs import HgRefs
from kallithea.vcs.types import AmbiguousRevisionError, Commit, Instability, RevisionNotFoundError, Successor

_PREFIX = re.compile(rb"[0-9a-fA-F]{4,40}")
# One changeset can be split into any number of them.
_MOST_SUCCESSORS = 20
_NUMBER = re.compile(rb"0|[1-9][0-9]{0,8}")


class HgHistory(HgRefs):
    """Implements ``backend.History``."""

    def _read_entries(self, revisions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        return read_entries(self._changelog, revisions, self._text)

    def resolve(self, name: bytes) -> str:
        """See ``backend.History``."""
        found = self._named(name) or self._by_prefix(name)
        if found is None and name == b"tip" and not self.is_empty():
            found = self._changelog.tip()
        if found is None and name == b"HEAD":
            default = self.default_ref()
            found = bytes.fromhex(default.commit_id) if default is not None else None
        if found is None:
            found = self._by_number(name)
        if found is None:
            raise RevisionNotFoundError(_("There is no such revision."))
        return found.hex()

    def commit(self, commit_id: str) -> Commit:
        """See ``backend.History``."""
        return self._commit(self._revision(commit_id))

    def commits(self, commit_ids: Sequence[str]) -> tuple[Commit, ...]:
        """See ``backend.History``."""
        revisions = [self._revision(commit_id) for commit_id in commit_ids]
        return tuple(self._commit(revision) for revision in revisions)

    def find_commits(self, prefixes: Collection[str]) -> Mapping[str, str]:
        """See ``backend.History``."""
        found = {}
        for prefix in prefixes:
            with contextlib.suppress(AmbiguousRevisionError):
                at = self._by_prefix(prefix.encode())
                if at is not None:
                    found[prefix] = at.hex()
        return found

    def _commit(self, revision: int) -> Commit:
        entry = parse_entry(self._text(revision))
        return Commit(
            commit_id=self._changelog.node(revision).hex(),
            parent_ids=self._parent_ids(revision),
            author=entry.author,
            committer=entry.author,
            message=entry.message,
            revision=revision,
            branch=entry.branch,
            phase=phases.phasenames[self._phases.phase(self._repository, revision)].decode(),
            obsolete=revision in self._obsolete,
            closes_branch=entry.closes_branch,
            instabilities=tuple(name for name, revisions in self._unstable.items() if revision in revisions),
            successors=self._successors(revision) if revision in self._obsolete else (),
        )

    @functools.cached_property
    def _phases(self) -> Any:
        # Making a changeset to ask it for its phase takes as long as all the rest of it.
        with naming("phaseroots"):
            return self._repository._phasecache  # noqa: SLF001

    @functools.cached_property
    def _obsolete(self) -> frozenset[int]:
        """Local numbers of changesets that were rewritten."""
        return frozenset(obsolete.getrevs(self._repository, b"obsolete"))

    @functools.cached_property
    def _unstable(self) -> Mapping[Instability, frozenset[int]]:
        """Local numbers of the changesets with each instability."""
        names = {name: name.value.replace("-", "").encode() for name in Instability}
        return {name: frozenset(obsolete.getrevs(self._repository, known)) for name, known in names.items()}

    def _successors(self, revision: int) -> tuple[Successor, ...]:
        # The closest of those that visitors see; these may have been rewritten further, which they say themselves.
        sets = obsutil.successorssets(self._repository, self._changelog.node(revision), closest=True)
        nodes = itertools.islice((node for found in sets for node in found if self._is_visible(node)), _MOST_SUCCESSORS)
        return tuple(Successor(node.hex(), int(self._changelog.rev(node))) for node in nodes)

    def _parent_ids(self, revision: int) -> tuple[str, ...]:
        parents = self._changelog.parentrevs(revision)
        return tuple(self._changelog.node(parent).hex() for parent in parents if parent >= 0)

    def _named(self, name: bytes) -> bytes | None:
        """Binary id of a full id, branch, bookmark or tag."""
        if _PREFIX.fullmatch(name) and len(name) == 40:
            full = bytes.fromhex(name.decode("ascii"))
            if self._is_visible(full):
                return full
        return self._branch_tip(name) or self._bookmarks().get(name) or self._tags().get(name)

    def _by_prefix(self, name: bytes) -> bytes | None:
        if not _PREFIX.fullmatch(name):
            return None
        try:
            # No public call looks among the visible changesets only.
            found = self._changelog._partialmatch(name.lower())  # noqa: SLF001
        except error.AmbiguousPrefixLookupError as problem:
            raise AmbiguousRevisionError(_("More than one changeset begins with this.")) from problem
        except error.WdirUnsupported:
            return None
        return bytes(found) if found and self._is_visible(found) else None

    def _by_number(self, name: bytes) -> bytes | None:
        changelog = self._changelog
        if not _NUMBER.fullmatch(name) or int(name) >= len(changelog) or int(name) in changelog.filteredrevs:
            return None
        return bytes(changelog.node(int(name)))
