"""What receive-pack asks the process that serves a push, by two pipes, when all objects are there and before refs move.

``hooks/pre-receive`` writes variables of the environment and the lines of the refs, all ended by NUL, and reads an exit
status and words. Nobody else sees the objects until it has ended with 0.
"""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_CHUNK = 65536
_NONE = -1


@dataclass(frozen=True, slots=True)
class Judgement:
    """Refs move if ``accepted``; the client prints the words."""

    accepted: bool
    words: bytes = b""


class PushQuestion:
    """Both pipes. ``decide`` is asked once, with the environment that shows the objects, and the lines of the refs.

    It gets neither unless it ``needs_all``. Close it.
    """

    def __init__(self, decide: Callable[[Mapping[str, str], bytes], Judgement], *, needs_all: bool) -> None:
        self._decide, self._needs_all = decide, needs_all
        self._asked, self._ask = os.pipe()
        self._answer, self._answered = os.pipe()
        self._taken = b""

    @property
    def shared(self) -> tuple[int, int]:
        """What the process needs."""
        return self._ask, self._answer

    @property
    def facts(self) -> dict[str, str]:
        """Where it finds that."""
        needs_all = "1" if self._needs_all else ""
        return {
            "KALLITHEA_ASK": str(self._ask),
            "KALLITHEA_ANSWER": str(self._answer),
            "KALLITHEA_ASK_ALL": needs_all,
        }

    def share(self) -> None:
        """The process has been started: only that has its ends now."""
        for file in (self._ask, self._answer):
            os.close(file)
        self._ask = self._answer = _NONE

    def fileno(self) -> int:
        """What becomes readable when it asks."""
        return self._asked

    @property
    def is_open(self) -> bool:
        """Whether it may still ask."""
        return self._asked != _NONE

    def take_up(self) -> None:
        """Read what there is, and answer when that is all."""
        data = os.read(self._asked, _CHUNK)
        self._taken += data
        found = _parse(self._taken)
        if found is not None:
            judgement = self._decide(*found)
            # It may have been ended meanwhile.
            with contextlib.suppress(BrokenPipeError):
                os.write(self._answered, b"%d\n%s" % (not judgement.accepted, judgement.words))
        if found is not None or not data:
            self.close()

    def close(self) -> None:
        """Who asks now gets no answer, and moves no ref. Does nothing the second time."""
        for file in (self._asked, self._ask, self._answer, self._answered):
            if file != _NONE:
                os.close(file)
        self._asked = self._ask = self._answer = self._answered = _NONE


def _parse(data: bytes) -> tuple[dict[str, str], bytes] | None:
    """Environment and lines, None as long as they are not complete."""
    head, found, lines = (b"", b"\0", data[1:]) if data.startswith(b"\0") else data.partition(b"\0\0")
    if not found or not lines.endswith(b"\0"):
        return None
    pairs = (os.fsdecode(pair).partition("=") for pair in head.split(b"\0") if pair)
    return {name: value for name, _sign, value in pairs}, lines.removesuffix(b"\0")
