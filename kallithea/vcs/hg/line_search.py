"""Lines of the files of a changeset: its manifest, file by file."""

import bisect
import contextlib
from collections.abc import Iterator

from kallithea.vcs.hg.handle import naming
from kallithea.vcs.hg.large_files import LARGE
from kallithea.vcs.hg.patches import stored_size
from kallithea.vcs.hg.trees import HgTree
from kallithea.vcs.line_search import FoundLines, LineCollector, LineMatcher, LineQuery
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import EntryKind

_FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)
_TEXT_TOLD_BY = 8000
# Seconds to wait for the turn of such work.
_PATIENCE = 5.0


class HgLineSearch(HgTree):
    """Implements ``backend.LineSearch``."""

    def search_lines(self, commit_id: str, query: LineQuery, *, limit: int, seconds: float) -> FoundLines:
        """See ``backend.LineSearch``."""
        matcher = LineMatcher(query)
        self.entry(commit_id, query.path)
        with take_slot(self.options, Weight.HEAVY, _PATIENCE) or contextlib.nullcontext():
            collector = LineCollector(matcher, limit=limit, seconds=seconds)
            for path in self._files_at(commit_id, query.path):
                data = self._read_small(commit_id, path)
                if data is None:
                    collector.left_out += 1
                elif b"\0" not in data[:_TEXT_TOLD_BY] and not collector.take_file(path, data):
                    break
        return collector.found()

    def _files_at(self, commit_id: str, path: bytes) -> Iterator[bytes]:
        paths = self._listing(commit_id).paths
        if not path or self._listing(commit_id).manifest.get(path) is None:
            prefix = path + b"/" if path else b""
            start = bisect.bisect_left(paths, prefix)
            paths = paths[start : bisect.bisect_left(paths, path + b"0", start) if path else None]
        else:
            paths = [path]
        return (one for one in paths if self._kind_at(commit_id, one) in _FILES)

    def _read_small(self, commit_id: str, path: bytes) -> bytes | None:
        at = self._listing(commit_id).manifest[path]
        with naming(at.hex()):
            storage = self._repository.file(path)
            return None if stored_size(storage, at) > LARGE else bytes(storage.read(at))
