"""What commands that run in the background until they are told to end have in common."""

import os
import signal
import threading

_PARENT_CHECK_SECONDS = 1.0


def stop_at_signals(parent: int | None) -> threading.Event:
    """An event that SIGINT and SIGTERM set, and the end of the process ``parent``, where there is one."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_watch_parent, args=(parent, stop), name="parent", daemon=True).start()
    return stop


def _watch_parent(parent: int, stop: threading.Event) -> None:
    """A server that is killed cannot end its worker any more."""
    while not stop.wait(_PARENT_CHECK_SECONDS):
        if os.getppid() != parent:
            stop.set()
