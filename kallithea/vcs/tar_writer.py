"""Writing tar files forwards, with names as bytes, in the format of GNU tar."""

import tarfile
from typing import BinaryIO

from kallithea.vcs.archive import Sink

_CHUNK = 1 << 16
_BLOCK, _RECORD = tarfile.BLOCKSIZE, tarfile.RECORDSIZE


class TarWriter:
    """Adds entries, all with one time, in seconds; ``close`` writes the end, without which it is no whole tar file."""

    def __init__(self, target: Sink, moment: int) -> None:
        self._target = target
        self._moment = moment
        self._offset = 0

    def add(self, name: bytes, mode: int, size: int, content: BinaryIO) -> None:
        """Add a file."""
        self._add(name, mode, tarfile.REGTYPE, size=size)
        while chunk := content.read(_CHUNK):
            self._write(chunk)
        self._fill(_BLOCK)

    def add_link(self, name: bytes, target: bytes) -> None:
        """Add a symbolic link."""
        self._add(name, 0o777, tarfile.SYMTYPE, target=target)

    def add_folder(self, name: bytes) -> None:
        """Add a folder; its name has no slash at its end."""
        self._add(name, 0o755, tarfile.DIRTYPE)

    def close(self) -> None:
        """Write the end."""
        self._write(bytes(2 * _BLOCK))
        self._fill(_RECORD)

    def _add(self, name: bytes, mode: int, kind: bytes, *, size: int = 0, target: bytes = b"") -> None:
        entry = tarfile.TarInfo(_text(name))
        entry.mode, entry.type, entry.size, entry.mtime, entry.linkname = mode, kind, size, self._moment, _text(target)
        self._write(entry.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))

    def _fill(self, size: int) -> None:
        self._write(bytes(-self._offset % size))

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._offset += len(data)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
