"""Leases that a thread keeps for as long as their owner lives: they are short, so that a dead owner's are free soon."""

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from kallithea.core.errors import ConflictError, KallitheaError
from kallithea.core.words import _
from kallithea.services.leases import Leases

log = logging.getLogger(__name__)

#: How long a lease outlives an owner that was killed.
LEASE_SECONDS = 15.0
_BEATS = 3


class LeaseTakenError(ConflictError):
    """Somebody else has the lease."""


class HasLeases(Protocol):
    """What a writing unit gives."""

    @property
    def leases(self) -> Leases:
        """Those of the unit."""
        ...


#: Opens a writing unit.
OpenUnit = Callable[[], AbstractContextManager[HasLeases]]


class HeldLease:
    """A lease in our hands. ``fence`` is what it was acquired with."""

    def __init__(self, open_unit: OpenUnit, name: str, owner: str, fence: int) -> None:
        self._open_unit = open_unit
        self._name = name
        self._owner = owner
        self._fence = fence
        self._ended = threading.Event()

    def require(self) -> None:
        """Raises LeaseLostError if it is ours no more, UnavailableError if the database cannot tell."""
        with self._open_unit() as unit:
            unit.leases.require(self._name, self._fence)

    def keep(self) -> None:
        """Keep it until ``end``; to be run by a thread."""
        while not self._ended.wait(LEASE_SECONDS / _BEATS):
            try:
                with self._open_unit() as unit:
                    unit.leases.require(self._name, self._fence)
                    unit.leases.acquire(self._name, self._owner, LEASE_SECONDS)
            except KallitheaError as problem:
                # who writes asks ``require`` before, and learns of it there
                log.warning("a lease was not kept: %s", problem)
            except Exception:
                log.exception("a lease was not kept")

    def end(self) -> None:
        """Keep it no more."""
        self._ended.set()


@contextlib.contextmanager
def hold(open_unit: OpenUnit, name: str) -> Iterator[HeldLease]:
    """The lease, ours until the end. Raises LeaseTakenError."""
    owner = secrets.token_hex(16)
    with open_unit() as unit:
        fence = unit.leases.acquire(name, owner, LEASE_SECONDS)
    if fence is None:
        raise LeaseTakenError(_("The lease %(name)s has another owner.", name=name))
    held = HeldLease(open_unit, name, owner, fence)
    keeper = threading.Thread(target=held.keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield held
    finally:
        held.end()
        keeper.join()
        with open_unit() as unit:
            unit.leases.release(name, owner)
