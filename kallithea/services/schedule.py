"""Periodic work. Of all workers on all machines, one asks for each job when its time has come."""

import datetime
from dataclasses import dataclass

from kallithea.core.jobs import (
    CleanUp,
    IndexRepositories,
    MailDigests,
    PeriodicJob,
    PullRepositories,
    SettleRepositories,
    UpkeepRepositories,
)
from kallithea.services.application import Application
from kallithea.services.work import reading, writing


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job and how much time lies between two runs."""

    job: PeriodicJob
    every: datetime.timedelta

    @property
    def lease(self) -> str:
        """The lease whose owner asks for the job."""
        return f"schedule:{type(self.job).__name__}"


PERIODIC = (
    Periodic(SettleRepositories(), datetime.timedelta(seconds=60)),
    Periodic(CleanUp(), datetime.timedelta(hours=1)),
    Periodic(UpkeepRepositories(), datetime.timedelta(hours=1)),
    Periodic(IndexRepositories(), datetime.timedelta(hours=1)),
    Periodic(MailDigests(), datetime.timedelta(minutes=15)),
    Periodic(PullRepositories(), datetime.timedelta(minutes=5)),
)

_LEASE_SECONDS = 60


def run_schedule(application: Application, owner: str, works: tuple[Periodic, ...] = PERIODIC) -> None:
    """Ask for the periodic jobs that are due."""
    with reading(application) as services:
        due = [work for work in works if services.leases.is_due(work.lease, work.every)]
    for work in due:
        _ask(application, owner, work)


def _ask(application: Application, owner: str, work: Periodic) -> None:
    with writing(application) as services:
        fence = services.leases.acquire(work.lease, owner, _LEASE_SECONDS)
        if fence is not None and services.leases.is_due(work.lease, work.every):
            services.outbox.add_periodic(work.job)
            services.leases.note_done(work.lease, fence)
