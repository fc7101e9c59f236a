"""One owner of periodic work among all processes and machines, by the database's clock."""

import contextlib
import datetime

from sqlalchemy import Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kallithea.core.errors import ConflictError
from kallithea.core.words import _
from kallithea.model.lease import DatabaseNow, Lease

_LONG_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class LeaseLostError(ConflictError):
    """Another process has become the owner meanwhile; what was to be done is its business now."""


class Leases:
    """Takes and gives back leases. What changes a lease, or relies on it, locks its row until the unit ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def acquire(self, name: str, owner: str, seconds: float) -> int | None:
        """Own the lease, or keep owning it, for ``seconds`` from now on; None while somebody else has it.

        The answer is the fence: who writes something as the owner proves with it that they still are (``require``).
        """
        lease = self._locked(name)
        now = self.now()
        if lease.owner != owner:
            if lease.expires > now:
                return None
            lease.owner = owner
            lease.fence += 1
        lease.expires = now + datetime.timedelta(seconds=seconds)
        self._session.flush()
        return lease.fence

    def require(self, name: str, fence: int) -> None:
        """Raises LeaseLostError unless the lease still has this fence."""
        if self._locked(name).fence != fence:
            raise LeaseLostError(_("The lease %(name)s has another owner by now.", name=name))

    def is_held(self, name: str) -> bool:
        """Whether somebody has the lease. Locks its row: it is as told until the unit ends."""
        return self._locked(name).expires > self.now()

    def is_due(self, name: str, every: datetime.timedelta) -> bool:
        """Whether the lease's work was never done or was done at least ``every`` ago. Locks nothing."""
        renewed = self._session.scalar(select(Lease.renewed).where(Lease.name == name))
        return renewed is None or renewed + every <= self.now()

    def note_done(self, name: str, fence: int) -> None:
        """Remember that the lease's work was done now. Raises LeaseLostError."""
        self.require(name, fence)
        self._locked(name).renewed = self.now()
        self._session.flush()

    def release(self, name: str, owner: str) -> None:
        """Let others have the lease at once. Nothing happens if ``owner`` does not own it."""
        lease = self._locked(name)
        if lease.owner == owner:
            lease.expires = _LONG_AGO
            lease.owner = ""
            self._session.flush()

    def now(self) -> datetime.datetime:
        """The database's clock."""
        return self._session.scalars(select(DatabaseNow())).one()

    def _locked(self, name: str) -> Lease:
        found = self._session.scalar(_locking(name))
        if found is None:
            # the first use of this lease, perhaps by several processes at once
            with contextlib.suppress(IntegrityError), self._session.begin_nested():
                self._session.execute(insert(Lease).values(name=name, owner="", fence=0, expires=_LONG_AGO))
            found = self._session.scalars(_locking(name)).one()
        return found


def _locking(name: str) -> Select[Lease]:
    return select(Lease).where(Lease.name == name).with_for_update().execution_options(populate_existing=True)
