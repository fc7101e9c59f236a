"""Having git write an answer into a file that others read."""

import contextlib
import contextvars
import os
import threading
from typing import BinaryIO

from kallithea.cache.growing_store import Production
from kallithea.cache.slots import Taken
from kallithea.transport.git import GitWire, explain_failure
from kallithea.vcs.deadline import Deadline
from kallithea.vcs.git.child import GitChild
from kallithea.vcs.git.wire import upload_environment, upload_to_file
from kallithea.vcs.types import VcsError

_LOOK_SECONDS = 1.0
# With this status git ends after it has named a problem.
_DIED = 128


class Maker:
    """Has git write a file as soon as there is a slot, until it is whole or nobody waits for it any more."""

    def __init__(self, wire: GitWire, production: Production, request: BinaryIO, topic: str) -> None:
        """Ends the production, unless this raises something."""
        self._wire, self._production, self._topic = wire, production, topic
        self._child: GitChild | None = None
        self._problem: VcsError | None = None
        self._has_told = False
        # The caller closes its own.
        self._request = os.fdopen(os.dup(request.fileno()), "rb")
        self._taken: Taken | None = None
        # as the request that asked for it: by its name in the log, and counted for it
        make = contextvars.copy_context().run
        self._thread = threading.Thread(target=make, args=(self._make,), name="kallithea-pack", daemon=True)
        try:
            self._thread.start()
        except BaseException:
            self._request.close()
            raise

    def has_told(self) -> bool:
        """Whether git told the client itself why it gives up. Waits for its end."""
        self._thread.join()
        return self._has_told

    def explain(self) -> Exception:
        """Why nothing was made."""
        self._thread.join()
        return self._problem or explain_failure(self._child.errors if self._child is not None else b"")

    def _start(self, taken: Taken) -> GitChild:
        return upload_to_file(
            self._wire.application.vcs_options,
            self._wire.admitted.folder,
            upload_environment(self._wire.protocol),
            self._request,
            self._production.fileno(),
            taken.files,
        )

    def _make(self) -> None:
        whole = False
        try:
            capacity = self._wire.capacity
            self._taken = capacity.try_production() or capacity.wait_for_production(
                self._topic, self._production.is_wanted
            )
            # By this thread, since the process ends with it.
            self._child = self._start(self._taken)
            whole = self._watch(self._child)
        except VcsError as problem:
            self._problem = problem
        finally:
            self._end(whole=whole)

    def _watch(self, child: GitChild) -> bool:
        """Whether the file is whole."""
        deadline = Deadline(self._wire.application.settings.wire_time_limit)
        # what it has started can hold the stream still open, where somebody has killed it
        while child.errors_open and not (child.look({}, _LOOK_SECONDS) is None and child.has_ended()):
            if deadline.is_over or not self._production.is_wanted():
                return False
        try:
            status = child.wait_for_end(_LOOK_SECONDS)
        except TimeoutError:
            return False
        self._has_told = status == _DIED and os.fstat(self._production.fileno()).st_size > 0
        return status == 0

    def _end(self, *, whole: bool) -> None:
        with contextlib.ExitStack() as ending:
            ending.callback(self._production.finish if whole else self._production.give_up)
            ending.callback(self._request.close)
            if self._taken is not None:
                ending.callback(self._taken.close)
            if self._child is not None:
                ending.callback(self._child.kill)
