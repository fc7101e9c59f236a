"""Git's framing of the wire: four hexadecimal digits of length, then the data (gitprotocol-common)."""

from collections.abc import Callable, Iterator

from kallithea.vcs.types import VcsError

FLUSH = b"0000"
MAX_DATA = 65516
_HEADER = 4
#: Side-band channels (gitprotocol-pack): the data itself, what git prints as ``remote: ...``, and words that end all.
BAND_DATA, BAND_WORDS, BAND_ERROR = b"\x01", b"\x02", b"\x03"


class PacketError(VcsError):
    """Bytes that are no pkt-lines."""


def packet(data: bytes) -> bytes:
    """One pkt-line."""
    return b"%04x%s" % (len(data) + _HEADER, data)


def band(channel: bytes, data: bytes) -> bytes:
    """Data of any length as pkt-lines of one side-band channel."""
    most = MAX_DATA - 1
    return b"".join(packet(channel + data[at : at + most]) for at in range(0, len(data), most))


def read_packet(read_exactly: Callable[[int], bytes]) -> tuple[bytes, bytes | None]:
    """The next pkt-line: its bytes as they came, and its data (None for a flush). Raises PacketError."""
    header = read_exactly(_HEADER)
    length = parse_length(header)
    if length == 0:
        return header, None
    data = read_exactly(length - _HEADER)
    return header + data, data


def parse_length(header: bytes) -> int:
    """Length, header included, that four digits announce; 0 is a flush. Raises PacketError for other markers too."""
    try:
        length = int(header, 16) if header.isalnum() else -1
    except ValueError:
        length = -1
    if length != 0 and not _HEADER <= length <= MAX_DATA + _HEADER:
        raise PacketError("The request is not in git's protocol.")
    return length


class PacketSplitter:
    """Turns a stream that comes in arbitrary pieces into the data of pkt-lines; flushes are left out."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Data of every pkt-line that is complete now. Raises PacketError."""
        self._rest += piece
        at = 0
        while len(self._rest) - at >= _HEADER:
            length = parse_length(self._rest[at : at + _HEADER]) or _HEADER
            if len(self._rest) - at < length:
                break
            if length > _HEADER:
                yield self._rest[at + _HEADER : at + length]
            at += length
        self._rest = self._rest[at:]
