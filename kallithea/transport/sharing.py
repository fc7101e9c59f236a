"""Answers that are read from a file which others may read too, whole or while it is written.

Who has to wait for a slot is told so where the protocol has words for it; elsewhere the answer is a refusal in the end.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kallithea.cache.growing_store import LostError, Reader
from kallithea.cache.slots import Taken
from kallithea.services.front_server import SMALL, find_header
from kallithea.services.traffic import find_watched
from kallithea.transport.answers import NOT_STORED, Answer
from kallithea.transport.capacity import BUSY, Capacity
from kallithea.transport.request_body import RequestLostError
from kallithea.vcs.types import BusyError

_CHUNK = 1 << 18
_LOOK_SECONDS = 0.5
# So long at most, a program needs to end that has said why it gives up.
_END_SECONDS = 5.0
_LOST = "The server could not make this. Try again; its administrator finds the reason in the log."
# Nobody wants to read of a shorter wait, nor the same more often.
_SILENT_SECONDS, _REPEATED_SECONDS = 1.0, 10.0


@dataclass(frozen=True, slots=True)
class Turn:
    """How a protocol says that one has to wait: ``say`` for so many who are before, ``fail`` for a wait in vain."""

    say: Callable[[int], bytes]
    fail: Callable[[str], bytes]


class Sending:
    """A file on its way to a client: first a slot, then what is in it. Close it."""

    def __init__(self, reader: Reader, capacity: Capacity, topic: str) -> None:
        self._reader, self._capacity, self._topic = reader, capacity, topic
        self._taken = Taken()

    def begin(self) -> Iterator[int]:
        """How many are before, from time to time, until the answer can begin.

        Raises BusyError, RequestLostError, and LostError where a producer gave up before it wrote anything.
        """
        deadline = time.monotonic() + self._capacity.settings.wire_wait_limit
        size = self._reader.size
        if size is None or size > SMALL:
            yield from self._take_slot(deadline)
        yield from self._wait_for_beginning(deadline)

    @property
    def size(self) -> int | None:
        """Of a whole file. Raises LostError."""
        return self._reader.size

    def fileno(self) -> int:
        """The descriptor, for servers that send files by themselves."""
        return self._reader.fileno()

    def tell(self) -> int:
        """Where the descriptor stands, which such servers ask too: it is not moved by reading."""
        return 0

    def read(self, size: int) -> bytes:
        """See ``Reader.read``."""
        return self._reader.read(size)

    def close(self) -> None:
        """Give the file back, and the slot; if nobody else reads it, its producer ends."""
        self._reader.close()
        self._taken.close()

    def _take_slot(self, deadline: float) -> Iterator[int]:
        capacity = self._capacity
        taken = capacity.try_sending()
        if taken is None:
            with capacity.slots.queue(capacity.for_sending, secrets.token_hex(8)) as place:
                while taken is None:
                    capacity.require_client()
                    if time.monotonic() > deadline:
                        raise BusyError(BUSY)
                    taken, before = place.look()
                    if taken is None:
                        yield before
        self._taken = taken

    def _wait_for_beginning(self, deadline: float) -> Iterator[int]:
        """``deadline`` is for the producer to have a slot."""
        latest = time.monotonic() + self._capacity.settings.wire_time_limit
        while not self._reader.has_begun(_LOOK_SECONDS):
            self._capacity.require_client()
            before = self._capacity.slots.waiting_before(self._topic)
            if time.monotonic() > (latest if before is None else deadline):
                raise BusyError(BUSY)
            if before is not None:
                yield before


class _Pieces:
    """A file as a response. What was cut off ends in an error, which breaks the connection."""

    def __init__(self, sending: Sending, size: int) -> None:
        self._sending, self._size = sending, size

    def __iter__(self) -> Iterator[bytes]:
        while data := self._sending.read(self._size):
            yield data

    def close(self) -> None:
        """Give everything back."""
        self._sending.close()


class _TellingPieces(_Pieces):
    """The same behind words to a client that waits."""

    def __init__(self, sending: Sending, positions: Iterator[int], first: int, turn: Turn) -> None:
        super().__init__(sending, _CHUNK)
        self._positions, self._first, self._turn = positions, first, turn

    def __iter__(self) -> Iterator[bytes]:
        said, at = self._first, time.monotonic()
        yield self._turn.say(said)
        try:
            for before in self._positions:
                if before != said or time.monotonic() - at > _REPEATED_SECONDS:
                    said, at = before, time.monotonic()
                    yield self._turn.say(said)
        except RequestLostError:
            return
        except BusyError:
            yield self._turn.fail(BUSY)
            return
        except LostError:
            yield self._turn.fail(_LOST)
            return
        yield from super().__iter__()

    def close(self) -> None:
        """Leave the queue, and give everything back."""
        self._positions.close()  # type: ignore[attr-defined]  # it is a generator
        super().close()


def answer_from(
    reader: Reader,
    content_type: str,
    capacity: Capacity,
    topic: str,
    turn: Turn | None = None,
    is_error: Callable[[bytes], bool] = lambda _beginning: False,
) -> Answer:
    """The file as an answer, which closes it. Waits for its beginning, or tells that one has to wait.

    ``topic`` names it in the queue of those who wait to make something. A whole one is sent by the server itself, if it
    can. ``is_error`` knows by its first 8 bytes a file of which the producer has written why it gives up. Raises
    BusyError, RequestLostError, and LostError where it gave up with such words or before it wrote anything; then the
    file is closed.
    """
    sending = Sending(reader, capacity, topic)
    try:
        positions, begun = sending.begin(), time.monotonic()
        for before in positions:
            if turn is not None and time.monotonic() - begun > _SILENT_SECONDS:
                return Answer("200 OK", content_type, _TellingPieces(sending, positions, before, turn))
        size = sending.size
        if size is None and is_error(reader.look(8)):
            reader.wait_for_end(_END_SECONDS)
            size = sending.size
        if size is None:
            return Answer("200 OK", content_type, _Pieces(sending, _CHUNK))
        header = find_header(reader, size, capacity.settings.send_files_by)
        if header is not None:
            find_watched(capacity.environ).by_front = size
            sending.close()
            return Answer("200 OK", content_type, (b"",), (*NOT_STORED, header))
        send_file = capacity.environ.get("wsgi.file_wrapper", _Pieces)
        headers = (*NOT_STORED, ("Content-Length", str(size)))
        return Answer("200 OK", content_type, send_file(sending, _CHUNK), headers)
    except BaseException:
        sending.close()
        raise
