"""What a reading unit wishes to be written is stored about a second later, by another thread."""

import threading
import time
from unittest.mock import Mock

import pytest

from kallithea.core.jobs import Job, NoteUse, SettleRepository
from kallithea.services import later as later_module
from kallithea.services.application import Application
from kallithea.services.later import Later
from tests.services.test_outbox import stored_jobs


class Store:
    """Takes batches of jobs; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.batches: list[list[Job]] = []
        self.stored = threading.Event()
        self._failures = failures

    def __call__(self, jobs: list[Job]) -> None:
        if self._failures:
            self._failures -= 1
            raise RuntimeError("the table is missing")
        self.batches.append(jobs)
        self.stored.set()


def test_jobs_go_to_the_outbox(application: Application) -> None:
    application.later.add(SettleRepository(7))
    application.later.flush()
    assert [row.kind for row in stored_jobs(application)] == ["SettleRepository"]


def test_job_is_stored_soon_by_itself() -> None:
    store = Store()
    later = Later(store)
    later.add(SettleRepository(7))
    assert store.stored.wait(30)
    later.close()
    assert store.batches == [[SettleRepository(7)]]


def test_thread_outlives_a_failure() -> None:
    store = Store(failures=1)
    later = Later(store)
    later.add(SettleRepository(7))
    while not store.stored.wait(0.1):
        later.add(SettleRepository(8))
    later.close()
    assert store.batches[0] == [SettleRepository(8)]


def test_closing_at_any_moment_ends_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end comes about when the pause is over, so the thread is met wherever it may be."""
    monkeypatch.setattr(later_module, "_PAUSE_SECONDS", 0.001)

    def close_many() -> None:
        for number in range(2000):
            later = Later(Store())
            later.add(SettleRepository(number))
            time.sleep(0.001)
            later.close()

    closing = threading.Thread(target=close_many, daemon=True)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()


def test_equal_jobs_wait_once_and_the_buffer_is_bounded() -> None:
    store = Store()
    later = Later(store)
    for number in range(2000):
        later.add(SettleRepository(number % 1500))
        later.add(NoteUse("user_session", 1, str(number)))
    later.close()
    for batch in store.batches:
        assert len({job.key for job in batch}) == len(batch) <= 1000


def test_what_asks_often_wakes_the_thread_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later_module, "_PAUSE_SECONDS", 60)
    later = Later(Store())
    wake = Mock(wraps=later._changed.notify_all)
    monkeypatch.setattr(later._changed, "notify_all", wake)
    for number in range(50):
        later.add(SettleRepository(number % 5))
    assert wake.call_count == 1
    later.close()


def test_what_waits_is_stored_at_the_end() -> None:
    store = Store()
    later = Later(store)
    later.add(SettleRepository(7))
    later.close()
    later.close()
    assert store.batches == [[SettleRepository(7)]]
