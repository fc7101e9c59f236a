"""Every job comes to its end, whatever happens meanwhile to the broker and to the workers.

``KALLITHEA_TEST_KILLS`` says how often the workers are killed, ``KALLITHEA_TEST_SEED`` when;
``KALLITHEA_TEST_OUTAGE_SECONDS`` for how long the broker is away.
"""

import os
import pathlib
import random
import time

import pytest
from sqlalchemy import select

from kallithea.core.actor import COMMAND_LINE, Way
from kallithea.core.jobs import SendMail, SettleRepository
from kallithea.model.journal import JournalEntry
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading
from kallithea.vcs.types import Kind
from tests.services.test_settling import Existing
from tests.tasks.conftest import JobSite
from tests.tasks.happenings import JOBS, happenings

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KALLITHEA_TEST_KILLS", "2"))
SEED = int(os.environ.get("KALLITHEA_TEST_SEED", "11"))
OUTAGE_SECONDS = float(os.environ.get("KALLITHEA_TEST_OUTAGE_SECONDS", "2"))
#: Pushes, and as many registrations.
EACH = max(6, 2 * KILLS)
REPOSITORIES = 2


def mails(first: int, end: int) -> list[SendMail]:
    return [SendMail(("ada@example.org",), "subject", "text", f"{number}@example.org") for number in range(first, end)]


def test_nothing_is_lost_while_the_broker_is_away(job_site: JobSite, tmp_path: pathlib.Path) -> None:
    with happenings(job_site, tmp_path) as made:
        job_site.start()
        made.happen(1)
        made.wait()

        made.happen(EACH // 3)
        job_site.broker.stop()
        made.happen(2 * EACH // 3)
        time.sleep(OUTAGE_SECONDS)
        job_site.broker.start()
        made.happen(EACH)

        made.wait()
        made.assert_each_once()


def test_nothing_is_lost_when_workers_are_killed(job_site: JobSite, tmp_path: pathlib.Path) -> None:
    chance = random.Random(SEED)
    ids = [changed_repository(job_site, number) for number in range(REPOSITORIES)]
    with happenings(job_site, tmp_path) as made:
        for number in range(KILLS):
            made.happen(EACH * (number + 1) // (KILLS + 1))
            job_site.ask(*(SettleRepository(repository_id) for repository_id in ids))
            received = job_site.post.received.total()
            job_site.start()
            wait_for_mails(job_site, received + 1)
            time.sleep(chance.uniform(0, 0.5))
            job_site.kill()
        job_site.start()
        made.happen(EACH)
        job_site.ask(*(SettleRepository(repository_id) for repository_id in ids))

        made.wait()
        job_site.wait_until_done(SettleRepository)
        made.assert_each_once(kills=KILLS)
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


def wait_for_mails(site: JobSite, number: int) -> None:
    """Wait until so many mails have arrived."""
    deadline = time.monotonic() + 60
    while site.post.received.total() < number:
        assert time.monotonic() < deadline, site.describe(*JOBS)
        time.sleep(0.01)
