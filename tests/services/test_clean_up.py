"""What has expired is deleted, and nothing else."""

import datetime
import os
import pathlib
import tempfile

import pytest
from sqlalchemy import func, select

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import CleanUp, SettleRepository
from kallithea.model.outbox import JobProgress, OutboxJob
from kallithea.model.push_intent import PushIntent
from kallithea.model.sign_in_failure import SignInFailure
from kallithea.model.user_session import UserSession
from kallithea.services import clean_up as module
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.handlers import HANDLERS
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.placing import new_folder
from tests.applications import Clock
from tests.factories.repositories import GitBuilder
from tests.services.disk import make_repository
from tests.services.test_worker import ask


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def count(application: Application, table: type) -> int:
    with reading(application) as services:
        return services.session.scalar(select(func.count()).select_from(table)) or 0


def test_expired_sessions_are_deleted(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        user = services.users.create(COMMAND_LINE, name="ada")
        services.user_sessions.create(user, address="", client="")
    clock.pass_(application.settings.session_timeout - 1)
    with writing(application) as services:
        services.user_sessions.create(user, address="", client="")
    clock.pass_(2)
    assert clean_up(application) == 1
    assert count(application, UserSession) == 1


def test_jobs_are_deleted_a_week_after_their_end(application: Application, clock: Clock) -> None:
    ask(application, SettleRepository(77))
    worker = Worker(application, HANDLERS, "worker")
    assert worker.run_once()
    with writing(application) as services:
        services.progress.set_(services.session.scalars(select(OutboxJob.outbox_id)).one(), 100, "done")
    clock.pass_(6 * 86400)
    ask(application, SettleRepository(78))
    assert clean_up(application) == 0
    clock.pass_(2 * 86400)
    assert clean_up(application) == 1
    assert count(application, OutboxJob) == 1
    assert count(application, JobProgress) == 0


def test_closed_intents_are_deleted_and_open_ones_kept(application: Application, clock: Clock) -> None:
    make_repository(application)
    with writing(application) as services:
        closed = services.pushes.announce(COMMAND_LINE, 1, [])
        services.pushes.announce(COMMAND_LINE, 1, [])
    with writing(application) as services:
        services.pushes.abandon(closed)
    clock.pass_(31 * 86400)
    assert clean_up(application) == 1
    assert count(application, PushIntent) == 1


def test_old_failures_are_deleted_in_batches(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        for number in range(module._BATCH + 10):
            services.session.add(SignInFailure(subject=str(number), count=1, first=clock.now, last=clock.now))
        late = clock.now + datetime.timedelta(days=3)
        services.session.add(SignInFailure(subject="late", count=1, first=late, last=late))
    clock.pass_(3 * 86400)
    assert clean_up(application) == module._BATCH + 10
    assert count(application, SignInFailure) == 1


def test_clean_up_is_a_job(application: Application) -> None:
    ask(application, CleanUp())
    assert Worker(application, HANDLERS, "worker").run_once()
    with reading(application) as services:
        assert services.session.scalars(select(OutboxJob.state)).all() == ["done"]


def test_temporary_folders_of_killed_processes_are_deleted(
    application: Application, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    builder = GitBuilder(tmp_path / "repository")
    folders = {
        name: tmp_path / "temporary" / name for name in ("kallithea-objects-old", "kallithea-objects-new", "else")
    }
    for folder in folders.values():
        folder.mkdir(parents=True)
        (folder / "objects").symlink_to(builder.path / "objects")
    for name in ("kallithea-objects-old", "else"):
        for path in (folders[name] / "objects", folders[name]):
            os.utime(path, (0, 0), follow_symlinks=False)

    clean_up(application)

    assert {name for name, folder in folders.items() if folder.exists()} == {"kallithea-objects-new", "else"}
    builder.commit({b"file": b"1"})


def test_repositories_that_somebody_was_making_when_they_died_are_deleted(application: Application) -> None:
    base = application.settings.repository_folder
    repository = GitBuilder(base / "group" / "repository")
    names = ["group/.r.0123456789abcdef.new", "group/deep/.caf\udce9.fedcba9876543210.new", ".r.0123456789abcdef.new"]
    old = [base / name for name in names]
    young, inside, other = base / ".y.0123456789abcdef.new", repository.path / names[-1], base / "group/.mine.new"
    for path in (*old, young, inside, other):
        (path / "objects").mkdir(parents=True)
    for path in (*old, inside, other):
        for one in (path / "objects", path):
            os.utime(one, (0, 0))
    (base / "link").symlink_to(repository.path)
    with new_folder(base / "being made") as living:
        os.utime(living, (0, 0))

        clean_up(application)

        assert living.exists()
    assert [path.exists() for path in old] == [False] * 3
    assert all(path.exists() for path in (young, inside, other, repository.path))
