"""How a process tells the workers of its machine that there is work, so that they need not look often.

A named pipe in the cache folder. Nothing is said through it and nothing is lost without it: workers also look by
themselves, about once a second.
"""

import contextlib
import os
import pathlib
import select
import types
from typing import Self

_NAME = "worker.bell"
_MANY = 65536


class Bell:
    """The side of who has left work."""

    def __init__(self, cache_dir: pathlib.Path) -> None:
        self._path = cache_dir / _NAME

    def ring(self) -> None:
        """Wake the workers; at once, and whether or not there are any."""
        # no pipe, no reader, or a pipe full of rings that nobody has heard yet
        with contextlib.suppress(OSError):
            pipe = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                os.write(pipe, b"!")
            finally:
                os.close(pipe)


class Listener:
    """The side of a worker. Raises OSError when the pipe can be neither made nor opened."""

    def __init__(self, cache_dir: pathlib.Path) -> None:
        path = cache_dir / _NAME
        cache_dir.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.mkfifo(path, 0o600)
        # open for writing too: with no writer left, a pipe counts as ended, which would end every wait at once
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def wait(self, seconds: float) -> None:
        """Return when somebody rings, or after this time."""
        # not select(): a process with many descriptors has some that it does not take
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN)
        if poll.poll(seconds * 1000):
            # another worker may have been quicker to read; it was woken as well
            with contextlib.suppress(BlockingIOError):
                os.read(self._pipe, _MANY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        os.close(self._pipe)
