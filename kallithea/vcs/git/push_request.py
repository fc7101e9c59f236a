"""What a push asks for, and the report that answers it (gitprotocol-pack, "Reference Update Request")."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kallithea.vcs.git.pkt_line import (
    BAND_DATA,
    BAND_WORDS,
    FLUSH,
    PacketError,
    PacketSplitter,
    band,
    packet,
    parse_length,
    read_packet,
)
from kallithea.vcs.types import RefUpdate

_MOST_BYTES = 32 << 20
_MOST_OPTIONS, _MOST_OPTION_BYTES = 100, 1 << 16
_COMMAND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64}) ([^\0]+)")
_LONGEST_REPORT = 32 << 20


@dataclass(frozen=True, slots=True)
class PushRequest:
    """The beginning of a push. ``raw`` holds the bytes as they came; the pack, if any, follows them.

    ``updates`` is empty when a client only tries whether it may push. ``options`` are what ``git push -o`` tells hooks.
    """

    raw: bytes
    updates: tuple[RefUpdate, ...]
    capabilities: frozenset[bytes]
    signed: bool
    options: tuple[bytes, ...] = ()

    @property
    def side_band(self) -> bool:
        """Whether the answer comes in channels, of which one is for words."""
        return b"side-band-64k" in self.capabilities

    @property
    def wants_report(self) -> bool:
        """Whether the client understands a report of each ref."""
        return bool(self.capabilities & {b"report-status", b"report-status-v2"})


def read_push_request(read_exactly: Callable[[int], bytes]) -> PushRequest:
    """Read from the body of a push up to where the pack begins. Raises PacketError for anything malformed."""
    raw: list[bytes] = []
    updates: list[RefUpdate] = []
    capabilities: frozenset[bytes] = frozenset()
    total = 0
    while True:
        line, data = read_packet(read_exactly)
        raw.append(line)
        total += len(line)
        if total > _MOST_BYTES:
            raise PacketError("The push names too many refs at once.")
        if data is None:
            options = _read_options(read_exactly, raw) if updates and b"push-options" in capabilities else ()
            return PushRequest(b"".join(raw), tuple(updates), capabilities, signed=False, options=options)
        text, separator, words = data.partition(b"\0")
        if separator:
            capabilities = frozenset(words.split())
        text = text.removesuffix(b"\n")
        if text == b"push-cert":
            return PushRequest(b"".join(raw), (), capabilities, signed=True)
        if not text.startswith(b"shallow "):
            updates.append(_parse_command(text))


def _read_options(read_exactly: Callable[[int], bytes], raw: list[bytes]) -> tuple[bytes, ...]:
    """They become variables of an environment, so there is not room for any number of them."""
    options: list[bytes] = []
    while True:
        line, data = read_packet(read_exactly)
        raw.append(line)
        if data is None:
            return tuple(options)
        options.append(data.removesuffix(b"\n"))
        if b"\0" in data or sum(map(len, options)) > _MOST_OPTION_BYTES or len(options) > _MOST_OPTIONS:
            raise PacketError("The push has too many options, or odd ones.")


def _parse_command(text: bytes) -> RefUpdate:
    command = _COMMAND.fullmatch(text)
    if command is None:
        raise PacketError("The push is not in git's protocol.")
    return RefUpdate(command[3], _object_id(command[1]), _object_id(command[2]))


def _object_id(text: bytes) -> str | None:
    """The id in hexadecimal; None for the zeros that stand for no object."""
    return text.decode("ascii") if text.strip(b"0") else None


def refusal(request: PushRequest, reasons: Mapping[bytes, str], words: Sequence[str]) -> bytes:
    """The whole answer to a push of which nothing is done: a reason for each ref, and lines to be printed.

    A ref without a reason of its own is said to share the fate of the others.
    """
    others = "the push was refused as a whole"
    lines = (b"ng %s %s\n" % (update.name, reasons.get(update.name, others).encode()) for update in request.updates)
    report = b"".join(map(packet, (b"unpack ok\n", *lines))) + FLUSH if request.wants_report else b""
    if not request.side_band:
        return report
    return printed(words) + band(BAND_DATA, report) + FLUSH


def printed(words: Sequence[str]) -> bytes:
    """Lines that git prints as ``remote: ...``, for an answer in channels."""
    return b"".join(band(BAND_WORDS, f"{line}\n".encode()) for line in words)


class ReportHolder:
    """Passes on what receive-pack says while it works, and holds back its report, and all after it, until it is asked.

    Where the answer has no channels, or is no pkt-lines, everything is held back.
    """

    def __init__(self, request: PushRequest) -> None:
        self._passing = request.side_band
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """Take the next bytes of the answer; what may be said at once."""
        self._held += piece
        at = 0
        while self._passing and (length := self._find_progress(at)):
            at += length
        passed, self._held = self._held[:at], self._held[at:]
        return passed

    def release(self) -> bytes:
        """What is held back."""
        return self._held

    def _find_progress(self, at: int) -> int:
        """Length of the pkt-line there, if it is complete and has only words, or nothing as a sign of life."""
        header = self._held[at : at + 4]
        if len(header) < 4:
            return 0
        try:
            length = parse_length(header)
        except PacketError:
            length = 0
        data = self._held[at + 4 : at + length]
        if len(data) + 4 < length:
            return 0
        self._passing = data[:1] == BAND_WORDS or data == BAND_DATA
        return length if self._passing else 0


class ReportReader:
    """Follows the answer of receive-pack as it passes by, to know which refs were moved.

    Such an answer is small; of one that is not, or that is no pkt-lines, nothing is said to be known.
    """

    def __init__(self, request: PushRequest) -> None:
        self._side_band = request.side_band
        self._outer = PacketSplitter()
        self._inner = PacketSplitter()
        self._accepted: set[bytes] = set()
        self._left = _LONGEST_REPORT
        self._readable = request.wants_report
        self._complete = False

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the answer."""
        self._left -= len(piece)
        if self._left < 0:
            self._readable = False
        if not self._readable:
            return
        try:
            self._read(piece)
        except PacketError:
            self._readable = False

    @property
    def accepted(self) -> frozenset[bytes] | None:
        """Names of the refs that were moved; None when there was no report that could be read."""
        return frozenset(self._accepted) if self._readable and self._complete else None

    def _read(self, piece: bytes) -> None:
        for data in self._outer.feed(piece):
            if not self._side_band:
                self._note(data)
            elif data[:1] == BAND_DATA:
                for line in self._inner.feed(data[1:]):
                    self._note(line)

    def _note(self, line: bytes) -> None:
        word, _, rest = line.removesuffix(b"\n").partition(b" ")
        if word == b"unpack":
            self._complete = True
        elif word == b"ok":
            self._accepted.add(rest)
