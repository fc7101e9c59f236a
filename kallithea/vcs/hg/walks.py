"""Ways through a Mercurial history: local numbers of changesets, newest first."""

import bisect
import heapq
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from kallithea.core.words import _
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.hg.changed_paths import ChangedPaths
from kallithea.vcs.hg.changesets import changed
from kallithea.vcs.hg.handle import naming

# For local numbers these and the entries' texts.
ReadEntries: TypeAlias = Callable[[Iterable[int]], Iterator[tuple[int, bytes]]]

# So many ancestors are found one after the other; for more, finding all of them at once is faster.
_SOON = 500
# How long a page waits for a comparison.
_SECONDS = 20.0
_LOOK_EVERY = 10_000


def ancestors(changelog: Any, start: int, offset: int = 0) -> Iterator[int]:
    """Ancestors of a changeset, itself included, but for the newest ``offset`` ones."""
    if offset < _SOON:
        return itertools.islice(iter(changelog.ancestors([start], inclusive=True)), offset, None)
    return itertools.islice(iter(all_ancestors(changelog, start)), offset, None)


def visible(changelog: Any, offset: int = 0, stop: int = 0) -> Iterator[int]:
    """All changesets that the repository shows, from number ``stop`` on, but for the newest ``offset`` ones."""
    hidden = changelog.filteredrevs
    numbers = range(changelog.tiprev(), stop - 1, -1)
    if not hidden:
        return iter(numbers[offset:])
    return itertools.islice((number for number in numbers if number not in hidden), offset, None)


def first_parents(changelog: Any, start: int | None) -> Iterator[int]:
    """A changeset, its first parent, the first parent of that, and so on; without a start, those of all heads."""
    if start is not None:
        while start >= 0:
            yield start
            start = changelog.parentrevs(start)[0]
        return
    line: set[int] = set()
    parents: set[int] = set()
    for revision in visible(changelog):
        first, second = changelog.parentrevs(revision)
        if revision in line or revision not in parents:
            yield revision
            line.add(first)
        line.discard(revision)
        parents.discard(revision)
        parents.update((first, second))


def children(changelog: Any, parent: int, check: Callable[[], None]) -> Iterator[int]:
    """The visible changesets that have this one as a parent; ``check`` is called again and again meanwhile."""
    for count, revision in enumerate(visible(changelog, stop=parent + 1), 1):
        if parent in changelog.parentrevs(revision):
            yield revision
        if count % _LOOK_EVERY == 0:
            check()


def watched(walk: Iterable[int], check: Callable[[], None]) -> Iterator[int]:
    """The same way; ``check`` is called between two steps, and may raise."""
    for revision in walk:
        yield revision
        check()


def among(walk: Iterable[int], others: Iterator[int]) -> Iterator[int]:
    """What is in both of two ways, each newest first."""
    other = next(others, -1)
    for revision in walk:
        while other > revision:
            other = next(others, -1)
        if other == revision:
            yield revision


def all_ancestors(changelog: Any, start: int) -> list[int]:
    """All ancestors of a changeset, itself included."""
    # Taking every number for a root of the history, the compiled walk answers with all that it reaches.
    return sorted(changelog.reachableroots(0, [start], list(range(start + 1)), includepath=True), reverse=True)


def changing(
    changelog: Any,
    read: ReadEntries,
    index: ChangedPaths | None,
    start: int | None,
    path: bytes,
    check: Callable[[], None],
) -> Iterator[int]:
    """Ancestors whose entries name a file or one below it; ``read`` gives the entries' texts.

    Without a start, all changesets that do.

    The index tells which they are, as far as it goes; what was added since is looked through, and ``check`` called
    meanwhile.
    """
    covered = index.covered if index is not None else 0
    yield from _look_through(changelog, read, start, path, covered, check)
    if index is not None:
        found = sorted(_reached(changelog, index.revisions(path), start), reverse=True)
        yield from (revision for revision, text in read(found) if changed(text, path))


def _reached(changelog: Any, known: Sequence[int], start: int | None) -> Iterable[int]:
    """Those of sorted numbers that belong to the history."""
    if start is None:
        return itertools.filterfalse(changelog.filteredrevs.__contains__, known)
    candidates = known[: bisect.bisect_right(known, start)]
    if not candidates:
        return ()
    return set(candidates).intersection(changelog.reachableroots(candidates[0], [start], candidates, includepath=True))


def _look_through(
    changelog: Any, read: ReadEntries, start: int | None, path: bytes, stop: int, check: Callable[[], None]
) -> Iterator[int]:
    if start is None:
        walk = visible(changelog, stop=stop)
    else:
        walk = changelog.ancestors([start], stoprev=stop, inclusive=True)
    for revision, text in read(walk):
        if changed(text, path):
            yield revision
        else:
            check()


class _Ancestors:
    """The ancestors of one changeset, as Mercurial asks for them when it looks where a file's version came from."""

    def __init__(self, changelog: Any, revision: int) -> None:
        self._changelog = changelog
        self._revision = revision

    def __contains__(self, revision: int) -> bool:
        return bool(self._changelog.isancestorrev(revision, self._revision))


def following(repository: Any, start: int, path: bytes) -> Iterator[int]:
    """Changesets that made the versions of a file which lead to the one in ``start``, through copies and renames.

    The order and the answer are those of ``hg log --follow``. The file must be there. Raises CorruptObjectError.
    """
    heap: list[int] = []
    waiting: dict[int, dict[tuple[bytes, bytes], Any]] = {}

    def wait(version: Any, before: int) -> None:
        # Told so, Mercurial need not collect all ancestors to see whether a version's changeset is among them.
        version._ancestrycontext = _Ancestors(repository.changelog, before)  # noqa: SLF001
        revision = version.introrev()
        if revision not in waiting:
            waiting[revision] = {}
            heapq.heappush(heap, -revision)
        waiting[revision][version.path(), version.filenode()] = version

    context = repository[start]
    with naming(context.hex().decode("ascii")):
        node = context.filenode(path)
    with naming(node.hex()):
        wait(context[path], start)
    while heap:
        revision = -heapq.heappop(heap)
        yield revision
        for version in waiting.pop(revision).values():
            with naming(version.filenode().hex()):
                for parent in version.parents():
                    wait(parent, revision)


def until_known(changelog: Any, start: int, knows: Callable[[bytes], bool]) -> tuple[int, list[bytes]]:
    """How many ancestors of a changeset, itself included, another history lacks, and the ids at which it takes over.

    ``knows`` tells of an id whether the other history has it, and with it all of its ancestors. Raises
    LimitExceededError.
    """
    words = _("Comparing two histories took longer than %(seconds)s seconds.", seconds=f"{_SECONDS:g}")
    deadline = Deadline(_SECONDS, words)
    waiting, seen, missing = [start], {start}, 0
    known: list[bytes] = []
    while waiting:
        revision = waiting.pop()
        node = bytes(changelog.node(revision))
        if knows(node):
            known.append(node)
            continue
        missing += 1
        parents = {parent for parent in changelog.parentrevs(revision) if parent >= 0} - seen
        waiting += parents
        seen |= parents
        if missing % _LOOK_EVERY == 0:
            deadline.check()
    return missing, known


def heads_of(changelog: Any, revisions: Collection[int]) -> set[int]:
    """Those of some changesets that are no ancestors of others of them."""
    if len(revisions) < 2:
        return set(revisions)
    parents = {parent for revision in revisions for parent in changelog.parentrevs(revision) if parent >= 0}
    return set(revisions).difference(changelog.ancestors(parents, stoprev=min(revisions), inclusive=True))
