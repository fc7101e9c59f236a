"""What ends a transfer: its time, its size, or whoever waits for it."""

import contextlib
import math
import os
import pathlib
import threading
import time
from collections.abc import Callable, Iterator

from kallithea.core.words import _, _n
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.remote import Amount, Listener, RemoteError, RemoteRules, RemoteStep

#: Seconds between two looks.
TICK = 0.5
_MEASURE_SECONDS = 2.0


class Guard:
    """Passes on to a listener what happens, and raises RemoteError once a limit is passed.

    What is measured is the ``folder``, which nothing but the transfer writes to, without what ``leave_out`` saw there.
    """

    def __init__(self, listener: Listener, rules: RemoteRules, folder: pathlib.Path) -> None:
        self._listener = listener
        self._rules = rules
        self._folder = folder
        self._deadline = Deadline(rules.seconds)
        self._measured = time.monotonic()
        self._received = 0
        self._left_out = 0

    @property
    def seconds_left(self) -> float:
        """How long the transfer may still take."""
        return self._deadline.seconds_left

    def begin(self, step: RemoteStep) -> None:
        """A step begins."""
        self._listener.begin(step)

    def count(self, amount: Amount) -> None:
        """So much is done."""
        self._listener.count(amount)
        self._check()

    def say(self, line: str, *, warning: bool = False) -> None:
        """A line of the log."""
        self._listener.say(line, warning=warning)

    def receive(self, size: int) -> int:
        """So many bytes have come; the answer is how many in all."""
        self._received += size
        self._require_size(self._received)
        return self._received

    def leave_out(self) -> None:
        """What is in the folder now has not come from elsewhere."""
        self._left_out = _measure(self._folder)

    def tick(self) -> None:
        """Nothing new."""
        self._listener.tick()
        self._check()

    @contextlib.contextmanager
    def watching(self, end: Callable[[], None], seconds: float = math.inf) -> Iterator[None]:
        """Tick from another thread while the block waits for the other side; ``end`` makes the block fail.

        It also fails where it takes more than ``seconds``, whatever time the transfer has. What ended it is raised in
        the place of how the block failed.
        """
        stopped, problems = threading.Event(), list[BaseException]()
        answer = Deadline(seconds)

        def watch() -> None:
            while not stopped.wait(TICK):
                try:
                    self.tick()
                    if answer.is_over:
                        raise RemoteError(_("The other site did not answer in time."))
                except BaseException as problem:  # noqa: BLE001 - raised again by the thread that is watched
                    problems.append(problem)
                    end()
                    return

        thread = threading.Thread(target=watch, name="transfer", daemon=True)
        thread.start()
        try:
            yield
        except BaseException:
            stopped.set()
            thread.join()
            if problems:
                raise problems[0] from None
            raise
        stopped.set()
        thread.join()
        if problems:
            raise problems[0]

    def _check(self) -> None:
        if self._deadline.is_over:
            raise RemoteError(
                _n(
                    "It took longer than %(count)s second, which is the limit of this site.",
                    "It took longer than %(count)s seconds, which is the limit of this site.",
                    int(self._rules.seconds),
                )
            )
        now = time.monotonic()
        if now - self._measured > _MEASURE_SECONDS:
            self._require_size(_measure(self._folder) - self._left_out)
            # measuring many files takes time, too
            self._measured = now + 5 * (time.monotonic() - now)

    def check_size(self) -> None:
        """Measure once more, when all has come."""
        self._require_size(_measure(self._folder) - self._left_out)

    def _require_size(self, size: int) -> None:
        if 0 < self._rules.size < size:
            raise RemoteError(
                _n(
                    "It is larger than %(count)s byte, which is the limit of this site.",
                    "It is larger than %(count)s bytes, which is the limit of this site.",
                    self._rules.size,
                )
            )


def _measure(folder: pathlib.Path) -> int:
    """Bytes of all files in a folder that changes meanwhile."""
    size = 0
    for base, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(base, name)).st_size  # noqa: PTH118 - many of them
    return size
