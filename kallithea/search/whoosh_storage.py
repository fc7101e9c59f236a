"""The folder of an index of Whoosh's: what is committed is on the disk, and what others may still read stays.

Several machines share the folder. So a commit is a file that must not be there yet, and files that went out of use
are deleted only when no query that began before can last any more. Times are those of the file system's own clock.
"""

import contextlib
import io
import mmap
import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile
from whoosh.index import TOC

from kallithea.core.errors import ConflictError
from kallithea.core.words import _

#: How long files stay that went out of use.
GRACE_SECONDS = 300.0
INDEX_NAME = "MAIN"

_GONE = ".gone."
_SEGMENT = ".seg"


class OvertakenError(ConflictError):
    """Somebody else has committed meanwhile."""


class _View(io.RawIOBase):
    """Bytes of a file that is mapped into memory, read like a file."""

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._view[self._at : self._at + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._view)}[whence]
        self._at = base + position
        return self._at

    def tell(self) -> int:
        return self._at


class _Part(BufferFile):  # type: ignore[misc]
    """Part of a segment. Whoosh's own class copies what is mapped, for each query the whole index."""

    def __init__(self, view: memoryview, name: str | None) -> None:
        self._buf = view
        self._name = name
        self.file = io.BufferedReader(_View(view))
        self.onclose = None
        self.is_real = False
        self.is_closed = False


class _Segment(StructFile):  # type: ignore[misc]
    """A whole segment, mapped; ``subset`` is what ``whoosh.filedb.compound`` asks for its parts."""

    def __init__(self, path: Path) -> None:
        file = path.open("rb")
        super().__init__(file, name=path.name)
        self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def subset(self, offset: int, length: int, name: str | None = None) -> _Part:
        return _Part(memoryview(self._map)[offset : offset + length], name)


class IndexFolder(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's storage. Locks are not its business: whoever writes has the turn."""

    def __init__(self, folder: Path, scratch: Path | None = None) -> None:
        """``scratch`` is where whoever writes has what is not yet committed."""
        # what Whoosh does with a map of its own is to copy it
        super().__init__(str(folder), supports_mmap=False)
        self._scratch = scratch

    def open_file(self, name: str, **options: Any) -> StructFile:
        """A file, open for reading; segments are mapped into memory."""
        path = Path(self.folder, name)
        return _Segment(path) if path.suffix == _SEGMENT else super().open_file(name, **options)

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """A folder of this machine, for one writer."""
        return FileStorage(tempfile.mkdtemp(dir=self._scratch))

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a whole file its name, also after a loss of power. Raises OvertakenError if the name is taken."""
        old, new = Path(self.folder, oldname), Path(self.folder, newname)
        sync(old)
        try:
            # unlike a rename, this fails where somebody was faster, on all file systems
            os.link(old, new)
        except FileExistsError as problem:
            raise OvertakenError(_("Another process has written to the index meanwhile.")) from problem
        finally:
            old.unlink()
        sync(Path(self.folder))


def sync(path: Path) -> None:
    """Have a file or folder on the disk when this returns."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def commit_name(generation: int) -> str:
    """The name of the file that is a commit."""
    return f"_{INDEX_NAME}_{generation}.toc"


def last_commit(folder: Path) -> int:
    """The number of the last commit, -1 where there is none."""
    names = (entry.name for entry in folder.iterdir())
    numbers = (name.removeprefix(f"_{INDEX_NAME}_").removesuffix(".toc") for name in names if name.endswith(".toc"))
    return max((int(number) for number in numbers if number.isdecimal()), default=-1)


def create(folder: Path, schema: Any) -> None:
    """Make an empty index in a new folder."""
    folder.mkdir(parents=True, mode=0o700)
    TOC(schema, [], 0).write(IndexFolder(folder), INDEX_NAME)


def clean(folder: Path, commit: int, segments: Collection[str], *, at_once: bool) -> None:
    """Delete what neither this commit, the last one, nor its segments are, once it has been out of use long enough.

    The first look notes that a file went out of use. ``at_once``: nobody else reads here.
    """
    last = commit_name(commit)
    now = (folder / last).stat().st_mtime
    for entry in list(folder.iterdir()):
        if entry.name == last or entry.name.startswith(_GONE) or entry.name.partition(".")[0] in segments:
            continue
        mark = folder / f"{_GONE}{entry.name}"
        if not at_once and not mark.exists():
            mark.touch()
        if not at_once and not _is_old(mark, now):
            continue
        entry.unlink(missing_ok=True)
        mark.unlink(missing_ok=True)


def retire(folder: Path) -> None:
    """Note that a whole folder went out of use."""
    with contextlib.suppress(FileExistsError):
        (folder / _GONE).touch(exist_ok=False)


def is_over(folder: Path, now: float) -> bool:
    """Whether a folder went out of use long enough before ``now``."""
    mark = folder / _GONE
    return mark.exists() and _is_old(mark, now)


def _is_old(mark: Path, now: float) -> bool:
    return mark.stat().st_mtime + GRACE_SECONDS <= now
