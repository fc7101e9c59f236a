"""What a worker hears of jobs that were asked for on another machine."""

import contextlib
import pathlib
import threading
import time

import pytest

from kallithea.core.errors import ConflictError
from kallithea.core.jobs import Job, SettleRepository
from kallithea.services.application import Application
from kallithea.services.job_context import JobContext
from kallithea.services.notices import NoticeReader, send_notice
from kallithea.services.work import open_application, writing
from kallithea.services.worker import run_worker
from tests.applications import settings_for
from tests.prepared_databases import PreparedDatabases
from tests.services.test_worker import ask

pytestmark = pytest.mark.services


def test_worker_of_another_machine_hears_of_a_commit(
    every_application: Application, migrated_url: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has another folder with another pipe, and looks by itself only once a minute, but where it has to."""
    if migrated_url.startswith("postgresql"):
        monkeypatch.setattr("kallithea.services.worker.LOOK_SECONDS", 60.0)
    (tmp_path / "elsewhere").mkdir()
    other = open_application(settings_for(migrated_url, tmp_path / "elsewhere"))
    done, ready, stop = threading.Event(), threading.Event(), threading.Event()

    def handle(application: Application, job: Job, context: JobContext) -> None:
        (done if ready.is_set() else ready).set()

    worker = threading.Thread(target=run_worker, args=(other, stop, {SettleRepository: handle}))
    ask(every_application, SettleRepository(1))
    worker.start()
    try:
        assert ready.wait(30)
        # until it waits for something to hear
        time.sleep(1)
        ask(every_application, SettleRepository(2))
        assert done.wait(30)
    finally:
        stop.set()
        # it waits for a ring
        other.wake()
        worker.join(60)
        other.close()


def test_what_is_rolled_back_is_not_told(prepared_databases: PreparedDatabases, tmp_path: pathlib.Path) -> None:
    heard = threading.Event()
    with prepared_databases.lend("postgresql", tmp_path) as url:
        application = open_application(settings_for(url, tmp_path))
        with NoticeReader(application.engine, heard.set):
            # until it listens
            deadline = time.monotonic() + 30
            while not heard.wait(0.5):
                assert time.monotonic() < deadline
                ask(application, SettleRepository(0))
            heard.clear()
            with contextlib.suppress(ConflictError), writing(application) as services:
                services.outbox.add(SettleRepository(1))
                send_notice(services.session)
                raise ConflictError("rolled back")
            assert not heard.wait(1)
            ask(application, SettleRepository(2))
            assert heard.wait(30)
        application.close()
