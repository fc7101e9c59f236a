"""SQLite FTS5: one file for each generation, in a folder of this machine."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kallithea.core.words import _
from kallithea.search.engine import SearchError
from kallithea.search.generations import Generations
from kallithea.search.sqlite_index import SqliteIndex

_TRIES = 3
#: File systems of other machines, as /proc/self/mountinfo calls them.
NETWORK_FILE_SYSTEMS = frozenset(
    "nfs nfs4 cifs smb3 smbfs 9p afs ceph fuse.sshfs fuse.glusterfs glusterfs lustre beegfs gfs2 ocfs2 gpfs".split()
)
_MOUNTS = Path("/proc/self/mountinfo")


class SqliteEngine:
    """Implements ``engine.SearchEngine``."""

    def __init__(self, folder: Path) -> None:
        self._generations = Generations(folder)

    @contextlib.contextmanager
    def open(self) -> Iterator[SqliteIndex]:
        """See ``engine.SearchEngine``."""
        index = self._open()
        try:
            yield index
        finally:
            index.close()

    def begin(self) -> str:
        """See ``engine.SearchEngine``."""
        try:
            name = self._generations.make_name()
            SqliteIndex(self._path(name), create=True).close()
        except OSError as problem:
            raise SearchError(_("The folder of the index cannot be written.")) from problem
        return name

    @contextlib.contextmanager
    def open_generation(self, name: str) -> Iterator[SqliteIndex]:
        """See ``engine.SearchEngine``."""
        index = SqliteIndex(self._path(name))
        try:
            yield index
        finally:
            index.close()

    def switch(self, name: str) -> None:
        """See ``engine.SearchEngine``."""
        self._generations.switch(name)

    def size(self) -> int:
        """See ``engine.SearchEngine``."""
        return self._generations.size()

    def _open(self) -> SqliteIndex:
        for attempt in range(_TRIES):
            name = self._generations.current()
            if name is None:
                name = self._generations.start(self.begin())
            try:
                return SqliteIndex(self._path(name))
            except SearchError:
                # a new generation may have come between the two looks
                if attempt == _TRIES - 1 and self._generations.current() == name:
                    raise
        raise SearchError(_("The index cannot be opened."))

    def _path(self, name: str) -> Path:
        return self._generations.folder / f"{name}.db"


def find_network_file_system(folder: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of a network file system on which the folder lies or would lie; None on a disk of this machine.

    See proc(5), "mountinfo".
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = -1, ""
    place = folder.resolve()
    for line in lines:
        before, _separator, after = line.partition(" - ")
        point = Path(before.split()[4].encode().decode("unicode_escape"))
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind if kind in NETWORK_FILE_SYSTEMS else None
