"""The file of one cache entry: a header that says whose content it is, then the content.

The header is the magic number, the length of the content in bytes, its CRC-32, and a digest of the key. It is written
last, so that a file that was cut off is never taken for a whole one. The CRC is for what a power cut leaves of a file
that was not synced, and for damage; nobody who could write here is kept out by it, nor would be by a digest.
"""

import hashlib
import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from isal.isal_zlib import crc32

_MAGIC = b"KALLITHEA-CACHE2"
_HEADER = struct.Struct(">16sQI16s")

#: Where the content begins.
CONTENT_START = _HEADER.size


@dataclass(frozen=True, slots=True)
class Header:
    """What the header of an entry says; ``size`` is that of the content, in bytes."""

    size: int
    crc: int
    key_digest: bytes


def digest_of(key: bytes) -> bytes:
    """A digest that tells keys apart."""
    return hashlib.blake2b(key, digest_size=16).digest()


def entry_of(key: str, content: bytes) -> bytes:
    """A whole entry."""
    return _pack(Header(len(content), crc32(content), digest_of(key.encode()))) + content


def content_of(key: str, entry: bytes) -> bytes | None:
    """The content of a whole entry of this key; None where the entry is torn, damaged, or another key's."""
    header = parse_header(entry[:CONTENT_START])
    if header is None or header.key_digest != digest_of(key.encode()):
        return None
    content = entry[CONTENT_START:]
    return content if len(content) == header.size and crc32(content) == header.crc else None


def parse_header(data: bytes) -> Header | None:
    """The header of an entry, or None where there is none."""
    if len(data) != CONTENT_START:
        return None
    magic, size, crc, key_digest = _HEADER.unpack(data)
    return Header(size, crc, key_digest) if magic == _MAGIC else None


class EntryWriter:
    """A file like any other to write content to, forwards only; ``finish`` puts the header before it and syncs."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        self._file = file
        self._key = key
        self._crc = crc32(b"")
        self.size = 0
        file.seek(CONTENT_START)

    def write(self, data: bytes) -> int:
        """Append to the content."""
        self._file.write(data)
        self._crc = crc32(data, self._crc)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        """Bytes of content so far."""
        return self.size

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        self._file.flush()

    def finish(self) -> None:
        """Make the entry whole, on disk."""
        self._file.seek(0)
        self._file.write(_pack(Header(self.size, self._crc, digest_of(self._key.encode()))))
        self._file.flush()
        os.fdatasync(self._file.fileno())


def _pack(header: Header) -> bytes:
    return _HEADER.pack(_MAGIC, header.size, header.crc, header.key_digest)
