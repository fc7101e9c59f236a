"""Whose turn it is to write to an index that one process at a time may write to: by a lease of the database."""

import contextlib
import time
from collections.abc import Callable, Iterator

from kallithea.core.words import _
from kallithea.model.lease import INDEX_WRITER
from kallithea.search.engine import SearchError
from kallithea.services.held_leases import HeldLease, LeaseTakenError, OpenUnit, hold

# Merging large segments may take this long.
_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 0.1


class IndexTurns:
    """Turns of this process. Implements ``whoosh_index.Turns``."""

    def __init__(self, open_unit: OpenUnit) -> None:
        self._open_unit = open_unit

    @contextlib.contextmanager
    def __call__(self) -> Iterator[Callable[[], None]]:
        """Our turn, as soon as the others have had theirs. Raises SearchError, UnavailableError."""
        with contextlib.ExitStack() as stack:
            yield self._wait(stack).require

    def _wait(self, stack: contextlib.ExitStack) -> HeldLease:
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return stack.enter_context(hold(self._open_unit, INDEX_WRITER))
            except LeaseTakenError as problem:
                if time.monotonic() > end:
                    raise SearchError(_("Another process has been writing to the index for too long.")) from problem
            time.sleep(_PAUSE_SECONDS)
