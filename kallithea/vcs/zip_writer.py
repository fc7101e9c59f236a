"""Writing zip files forwards, with names as bytes.

Python's ``zipfile`` can write only names that are text, and its bytes may change with its version. The format is that
of PKWARE's APPNOTE.TXT 6.3, with the time stamps of Info-ZIP (extra field 0x5455, in UTC).
"""

import io
import struct
import time
import zlib
from typing import BinaryIO

from kallithea.vcs.archive import Sink

_LEVEL = 5
_CHUNK = 1 << 16

_LOCAL, _CENTRAL, _DESCRIPTOR = 0x04034B50, 0x02014B50, 0x08074B50
_END, _END_64, _LOCATOR_64 = 0x06054B50, 0x06064B50, 0x07064B50
_STORED, _DEFLATED = 0, 8
# Sizes and checksum follow the content; the name is UTF-8.
_SIZES_FOLLOW, _UTF8 = 1 << 3, 1 << 11
# Version 2.0 of the format, 4.5 for numbers of 64 bits; made on Unix, so that modes count.
_VERSION, _VERSION_64, _MADE_BY_UNIX = 20, 45, (3 << 8) | 45
# Kinds of files, as in stat(2).
_FILE, _LINK, _FOLDER = 0o100000, 0o120000, 0o040000
_MOST, _MOST_ENTRIES = 0xFFFFFFFF, 0xFFFF
# Dates that the format holds, in seconds.
_FIRST_DATE, _LAST_DATE = 315_532_800, 4_354_819_198


class ZipWriter:
    """Adds entries, all with one time, in seconds; ``close`` writes the directory, without which it is no zip file."""

    def __init__(self, target: Sink, moment: int) -> None:
        self._target = target
        self._offset = 0
        self._directory = bytearray()
        self._entries = 0
        moment = min(max(moment, _FIRST_DATE), _LAST_DATE)
        when = time.gmtime(moment)
        self._date = (when.tm_year - 1980) << 9 | when.tm_mon << 5 | when.tm_mday
        self._time = when.tm_hour << 11 | when.tm_min << 5 | when.tm_sec // 2
        self._extra = struct.pack("<HHBI", 0x5455, 5, 1, moment) if moment < 1 << 31 else b""

    def add(self, name: bytes, mode: int, size: int, content: BinaryIO) -> None:
        """Add a file of less than 4 GiB; its size need not be known before."""
        self._add(name, _FILE | mode, content)

    def add_link(self, name: bytes, target: bytes) -> None:
        """Add a symbolic link."""
        self._add(name, _LINK | 0o777, io.BytesIO(target))

    def add_folder(self, name: bytes) -> None:
        """Add a folder; its name has no slash at its end."""
        self._add(name + b"/", _FOLDER | 0o755, None)

    def close(self) -> None:
        """Write the directory."""
        start, size, count = self._offset, len(self._directory), self._entries
        self._write(bytes(self._directory))
        if start >= _MOST or size >= _MOST or count >= _MOST_ENTRIES:
            end = self._offset
            versions = struct.pack("<HHII", _MADE_BY_UNIX, _VERSION_64, 0, 0)
            self._write(struct.pack("<IQ", _END_64, 44) + versions + struct.pack("<QQQQ", count, count, size, start))
            self._write(struct.pack("<IIQI", _LOCATOR_64, 0, end, 1))
        count = min(count, _MOST_ENTRIES)
        self._write(struct.pack("<IHHHHIIH", _END, 0, 0, count, count, min(size, _MOST), min(start, _MOST), 0))

    def _add(self, name: bytes, mode: int, content: BinaryIO | None) -> None:
        start, method = self._offset, _STORED if content is None else _DEFLATED
        flags = (_UTF8 if _is_utf8(name) else 0) | (0 if content is None else _SIZES_FOLLOW)
        head = struct.pack("<HHHHH", _VERSION, flags, method, self._time, self._date)
        self._write(struct.pack("<I", _LOCAL) + head)
        self._write(struct.pack("<IIIHH", 0, 0, 0, len(name), len(self._extra)) + name + self._extra)
        checksum, packed, size = self._write_content(content) if content is not None else (0, 0, 0)
        extra = self._extra
        if start >= _MOST:
            extra += struct.pack("<HHQ", 1, 8, start)
        self._directory += struct.pack("<IH", _CENTRAL, _MADE_BY_UNIX) + head
        self._directory += struct.pack("<IIIHHH", checksum, packed, size, len(name), len(extra), 0)
        self._directory += struct.pack("<HHII", 0, 0, mode << 16, min(start, _MOST)) + name + extra
        self._entries += 1

    def _write_content(self, content: BinaryIO) -> tuple[int, int, int]:
        """Checksum, packed size and size of the content, which are also written after it."""
        compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        start, checksum, size = self._offset, 0, 0
        while chunk := content.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
            size += len(chunk)
            self._write(compressor.compress(chunk))
        self._write(compressor.flush())
        packed = self._offset - start
        self._write(struct.pack("<IIII", _DESCRIPTOR, checksum, packed, size))
        return checksum, packed, size

    def _write(self, data: bytes) -> None:
        if data:
            self._target.write(data)
            self._offset += len(data)


def _is_utf8(name: bytes) -> bool:
    """Whether a reader has to be told that the name is UTF-8: bytes that are no text are given as they are."""
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return not name.isascii()
