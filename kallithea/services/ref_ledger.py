"""Which movements of refs the journal still lacks.

Decided from three things: the refs as recorded, the updates that open push intents announced, and what a push reports
or the disk shows. A movement belongs to the intent that announced it, and is journalled once: by whoever first can
tell that it happened.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kallithea.core.escapes import escape_bytes, unescape_bytes
from kallithea.vcs.types import RefUpdate


@dataclass(frozen=True, slots=True)
class Movement:
    """One ref that moved. ``intent_id`` is None when nobody announced it."""

    intent_id: int | None
    update: RefUpdate


class RefLedger:
    """Advances the recorded ``refs`` and collects in ``movements`` what the journal lacks, in order.

    ``announced`` are updates of open intents that are not in the journal yet, oldest first.
    """

    def __init__(self, refs: Mapping[bytes, str], announced: Iterable[Movement]) -> None:
        self.refs = dict(refs)
        self.movements: list[Movement] = []
        self._announced = list(announced)

    def record(self, done: Movement, on_disk: str | None) -> None:
        """A push reports one update. ``on_disk`` is the ref's value as read after it."""
        if done in self._announced:
            self._announced.remove(done)
        name, current = done.update.name, self.refs.get(done.update.name)
        if current != done.update.old:
            path = self._path(name, current, done.update.old)
            if path is None and current == done.update.new:
                return
            if path is None and current == on_disk:
                # the record is ahead of this late report
                self.movements.append(done)
                return
            self._take(path if path is not None else self._end_of_path(name, current, done.update.old))
        self._take([done])

    def reach(self, name: bytes, on_disk: str | None) -> None:
        """The disk shows another value than the record: those who announced the way there moved it, else nobody did."""
        current = self.refs.get(name)
        path = self._path(name, current, on_disk)
        self._take(path if path is not None else self._end_of_path(name, current, on_disk))

    def _path(self, name: bytes, start: str | None, end: str | None) -> list[Movement] | None:
        """The fewest announced updates that lead from one value to another, or None."""
        reached: dict[str | None, list[Movement]] = {start: []}
        pending = [start]
        while pending and end not in reached:
            value = pending.pop(0)
            for movement in self._announced:
                update = movement.update
                if update.name == name and update.old == value and update.new not in reached:
                    reached[update.new] = [*reached[value], movement]
                    pending.append(update.new)
        return reached.get(end)

    def _end_of_path(self, name: bytes, start: str | None, end: str | None) -> list[Movement]:
        """Announced updates that end at ``end``, and before them the movement from ``start`` that nobody announced."""
        path: list[Movement] = []
        value, seen = end, {end}
        while True:
            found = next((one for one in self._announced if one.update.name == name and one.update.new == value), None)
            if found is None or found.update.old in seen:
                return [Movement(None, RefUpdate(name, start, value)), *path]
            path.insert(0, found)
            value = found.update.old
            seen.add(value)

    def _take(self, movements: Sequence[Movement]) -> None:
        for movement in movements:
            if movement in self._announced:
                self._announced.remove(movement)
            self.movements.append(movement)
            if movement.update.new is None:
                self.refs.pop(movement.update.name, None)
            else:
                self.refs[movement.update.name] = movement.update.new


def undo(refs: Mapping[bytes, str], updates: Iterable[RefUpdate]) -> dict[bytes, str]:
    """The refs as they were before those of the updates that they show as done."""
    before = dict(refs)
    for update in updates:
        if before.get(update.name) == update.new:
            if update.old is None:
                before.pop(update.name, None)
            else:
                before[update.name] = update.old
    return before


def dump_refs(refs: Mapping[bytes, str]) -> bytes:
    """Refs for ``RepositoryState.refs``. Names and values contain no NUL."""
    return zlib.compress(b"".join(b"%s\0%s\0" % (name, refs[name].encode()) for name in sorted(refs)))


def parse_refs(stored: bytes) -> dict[bytes, str]:
    """Refs from ``RepositoryState.refs``."""
    parts = zlib.decompress(stored).split(b"\0")
    return {name: value.decode() for name, value in zip(parts[0:-1:2], parts[1::2], strict=True)}


def dump_updates(updates: Mapping[RefUpdate, bool]) -> str:
    """Updates for ``PushIntent.updates``, each with whether the journal has it."""
    rows = [[escape_bytes(update.name), update.old, update.new, done] for update, done in updates.items()]
    return json.dumps(rows, separators=(",", ":"))


def parse_updates(stored: str) -> dict[RefUpdate, bool]:
    """Updates from ``PushIntent.updates``, each with whether the journal has it."""
    return {RefUpdate(unescape_bytes(name), old, new): done for name, old, new, done in json.loads(stored)}
