"""Putting packs together, and deleting what no ref leads to any more.

Objects that no ref leads to are first put into a pack of their own (cruft packs, ``git help gitformat-pack``), with the
time when they were found so. They are deleted when that was two weeks ago, longer than any push can last.
"""

import contextlib
import os
import pathlib
import shutil
import time
from collections.abc import Iterator

from kallithea.core.storage import StorageFault
from kallithea.vcs.git.commit_graph import CommitGraph
from kallithea.vcs.git.packs import Pack, estimate_loose, list_packs, loose_objects
from kallithea.vcs.git.workplace import Workplace
from kallithea.vcs.slots import Weight
from kallithea.vcs.types import UnwritableError
from kallithea.vcs.upkeep import Step, StepTime

_DAY = 86400.0
_MANY_PACKS = 20
_MANY_LOOSE = 2000
#: Below this number of objects, one pack and a bitmap save nothing.
_FEW_OBJECTS = 2000
#: How long one pack serves while refs go on to move, unless much is added.
_SERVES = 30 * _DAY
_UNREACHABLE_KEPT = 14 * _DAY
_ROOM = 64 << 20
# Of the time for a new pack, what is kept for the commit-graph that has to follow.
_GRAPH_SHARE = 0.25


class Packing:
    """Keeps the number of packs small, and one large pack with a bitmap, by which git sends it at once."""

    def __init__(self, place: Workplace) -> None:
        self._place = place

    def steps(self) -> tuple[Step, ...]:
        """Small packs often, all of them seldom."""
        return (
            Step("packs", self._are_many, self._join),
            Step("one pack", self._wants_one, self._pack_all, heavy=True),
        )

    def _packs(self) -> list[Pack]:
        """Those that may be packed anew."""
        return [pack for pack in list_packs(self._place.folder) if not pack.kept and not pack.cruft]

    def _are_many(self) -> bool:
        many = len(self._packs()) >= _MANY_PACKS or estimate_loose(self._place.folder) >= _MANY_LOOSE
        return many and self._is_allowed()

    def _join(self, seconds: float) -> str:
        before = len(self._packs())
        # Each pack becomes at least twice as large as all smaller ones together, so that large ones are seldom written
        # anew. The large pack keeps its bitmap; one over several packs would cost thirty times as much here.
        self._place.run("repack", "--geometric=2", "-d", "-l", "-q", seconds=seconds, weight=Weight.REPACK)
        return f"{before} packs have become {len(self._packs())}"

    def _wants_one(self) -> bool:
        return (self._has_cruft_to_delete() or self._largest_is_outdated()) and self._is_allowed()

    def _has_cruft_to_delete(self) -> bool:
        oldest = time.time() - _UNREACHABLE_KEPT
        cruft = (pack for pack in list_packs(self._place.folder) if pack.cruft)
        return self._place.order.prune and any(pack.modified < oldest for pack in cruft)

    def _largest_is_outdated(self) -> bool:
        packs = self._packs()
        largest = max(packs, key=lambda pack: pack.objects, default=None)
        if largest is None:
            return False
        old = largest.modified < time.time() - _SERVES and largest.modified < self._place.refs_modified()
        total = sum(pack.objects for pack in packs)
        if old or total < _FEW_OBJECTS:
            return old
        added = total - largest.objects
        return added * 4 > largest.objects or (not largest.mapped and self._can_map())

    def _pack_all(self, seconds: float) -> str:
        place, packs = self._place, list_packs(self._place.folder)
        before = sum(pack.size for pack in packs)
        if shutil.disk_usage(place.folder).free < before + _ROOM:
            raise UnwritableError(StorageFault.FULL)
        options = ["--cruft", "-d", "-l", "-q", *(["-b"] if self._can_map() else [])]
        deletes = place.order.prune and self._note_age(packs)
        if deletes:
            options.append(f"--cruft-expiration={int(time.time() - _UNREACHABLE_KEPT)}")
        writes_graph = deletes and any(pack.cruft for pack in packs)
        time_left = StepTime(seconds)
        share = 1 - _GRAPH_SHARE if writes_graph else 1
        place.run("repack", *options, seconds=seconds * share, weight=Weight.REPACK)
        left = list_packs(place.folder)
        for pack in left:
            if pack.cruft:
                # the time from which on somebody looks again
                with contextlib.suppress(OSError):
                    os.utime(pack.path)
        if writes_graph:
            # the commit-graph must not tell of commits that are gone
            CommitGraph(place).write_anew(time_left.left())
        return f"{before} bytes have become {sum(pack.size for pack in left)}"

    def _note_age(self, packs: tuple[Pack, ...]) -> bool:
        """Make objects look new, so that those now found unreachable are kept from now on; cruft keeps its own times.

        False where files belong to somebody else: then nothing may be deleted by its age.
        """
        try:
            for path in self._dated_files(packs):
                os.utime(path)
        except OSError:
            return False
        return True

    def _dated_files(self, packs: tuple[Pack, ...]) -> Iterator[pathlib.Path]:
        yield from (pack.path for pack in packs if not pack.cruft)
        yield from loose_objects(self._place.folder)

    def _can_map(self) -> bool:
        """Whether one pack will have all objects, which a bitmap needs."""
        kept = any(pack.kept for pack in list_packs(self._place.folder))
        return not (kept or self._place.borrows or self._place.shallow)

    def _is_allowed(self) -> bool:
        """The packs of a partial clone are left as they came: git 2.39 would take them for complete ones."""
        promised = any(pack.promised for pack in list_packs(self._place.folder))
        return not promised and not self._place.is_precious()
