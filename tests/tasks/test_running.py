"""A process that Celery has made for jobs."""

import pathlib

import pytest
from sqlalchemy import select, text

from kallithea.core.jobs import CleanUp
from kallithea.core.settings import Settings
from kallithea.migrations.schema import head
from kallithea.model.engine import open_engine
from kallithea.model.outbox import OutboxJob
from kallithea.services.application import Application
from kallithea.services.work import writing
from kallithea.tasks.running import JobProcess


def open_files(settings: Settings) -> int:
    """How often this process has the database open."""
    database = settings.database_url.removeprefix("sqlite:///")
    return sum(link.exists() and str(link.resolve()) == database for link in pathlib.Path("/proc/self/fd").iterdir())


def test_process_that_meets_other_tables_keeps_little_open_and_works_when_they_are_right(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with writing(application) as services:
        services.outbox.add(CleanUp())
        number = services.session.scalars(select(OutboxJob.outbox_id)).one()
        services.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    application.engine.dispose()
    ran: list[CleanUp] = []
    process = JobProcess(application.settings, {CleanUp: lambda _application, job, _context: ran.append(job)})
    opened = []
    for _attempt in range(3):
        process.run(number)
        opened.append(open_files(application.settings))
    assert "The database has version 0001, this program needs" in caplog.text
    assert opened == opened[:1] * 3
    engine = open_engine(application.settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})
    engine.dispose()
    process.run(number)
    process.close()
    assert ran == [CleanUp()]
