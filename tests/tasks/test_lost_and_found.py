"""Every job comes to its end, whatever happens meanwhile to the broker and to the workers.

``KALLITHEA_TEST_KILLS`` says how often the workers are killed, ``KALLITHEA_TEST_SEED`` when.
"""

import os
import random
import time

import pytest
from sqlalchemy import select

from kallithea.core.actor import COMMAND_LINE, Way
from kallithea.core.jobs import SendMail, SettleRepository
from kallithea.model.journal import JournalEntry
from kallithea.model.outbox import OutboxState
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.services.test_settling import Existing
from tests.tasks.conftest import JobSite

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KALLITHEA_TEST_KILLS", "2"))
SEED = int(os.environ.get("KALLITHEA_TEST_SEED", "11"))
MAILS = 40
REPOSITORIES = 6


def mails(first: int, end: int) -> list[SendMail]:
    return [SendMail(("ada@example.org",), "subject", "text", f"{number}@example.org") for number in range(first, end)]


def test_nothing_is_lost_while_the_broker_is_away(job_site: JobSite) -> None:
    job_site.start()
    job_site.ask(*mails(0, 1))
    job_site.wait_for(SendMail, 1)

    job_site.ask(*mails(1, 15))
    job_site.broker.stop()
    job_site.ask(*mails(15, 30))
    time.sleep(2)
    job_site.broker.start()
    job_site.ask(*mails(30, MAILS))

    job_site.wait_for(SendMail, MAILS)
    assert len(job_site.post.received) == MAILS
    assert set(job_site.post.received.values()) == {1}


def test_nothing_is_lost_when_workers_are_killed(job_site: JobSite) -> None:
    chance = random.Random(SEED)
    ids = [changed_repository(job_site, number) for number in range(REPOSITORIES)]
    asked = 0
    for number in range(KILLS):
        job_site.start()
        until = MAILS * (number + 1) // (KILLS + 1)
        job_site.ask(*mails(asked, until), *(SettleRepository(repository_id) for repository_id in ids))
        asked = until
        wait_for_work(job_site)
        time.sleep(chance.uniform(0, 0.5))
        job_site.kill()
    job_site.start()
    job_site.ask(*mails(asked, MAILS), *(SettleRepository(repository_id) for repository_id in ids))

    job_site.wait_for(SendMail, MAILS)
    assert len(job_site.post.received) == MAILS
    assert max(job_site.post.received.values()) <= 1 + KILLS
    assert job_site.post.received.total() <= MAILS + KILLS
    job_site.wait_for(SettleRepository, len(ids))
    wait_until_quiet(job_site)
    assert sorted(outside_changes(job_site)) == sorted(ids)


def changed_repository(site: JobSite, number: int) -> int:
    """A repository that was changed behind our back."""
    kind = list(Kind)[number % len(Kind)]
    repository_id = create_repository(site.application, COMMAND_LINE, None, kind=kind, path=f"repository{number}")
    folder = site.application.settings.repository_folder / f"repository{number}"
    Existing(kind, folder).commit({b"a": b"1\n"})
    return repository_id


def outside_changes(site: JobSite) -> list[int]:
    """The repositories of the journal's entries about changes behind our back."""
    with reading(site.application) as services:
        entries = services.session.scalars(select(JournalEntry).where(JournalEntry.way == Way.OUTSIDE.value))
        return [entry.repository_id or 0 for entry in entries]


def wait_for_work(site: JobSite) -> None:
    """Wait until a mail of those that were asked for has arrived."""
    before = site.post.received.total()
    deadline = time.monotonic() + 60
    while site.post.received.total() == before:
        assert time.monotonic() < deadline, site.describe(SendMail)
        time.sleep(0.01)


def wait_until_quiet(site: JobSite) -> None:
    deadline = time.monotonic() + 60
    while site.count(SettleRepository, OutboxState.WAITING):
        assert time.monotonic() < deadline, site.describe(SettleRepository)
        time.sleep(0.1)
