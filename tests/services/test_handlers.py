"""Every kind of job has a handler, and each does its work when run by the worker."""

import dataclasses
import datetime
import logging
import socket
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import (
    JOBS,
    IndexRepositories,
    Job,
    MailNotification,
    NoteUse,
    SendMail,
    SettleRepositories,
    SettleRepository,
    UpkeepRepositories,
)
from kallithea.core.settings import Settings
from kallithea.core.words import unpack
from kallithea.model.outbox import OutboxState
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobContext, JobOvertimeError, Orders
from kallithea.services.job_retries import retry_delay
from kallithea.services.mail_links import Asker, Purpose
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.mail.smtp_server import mail_server
from tests.services.test_outbox import stored_jobs
from tests.services.test_worker import ask

Make: TypeAlias = Callable[[Settings], Application]

MAIL = SendMail(("ada@example.org",), "Hello", "Text", "1@example.org")


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def mailing(application: Application, make_application: Make, **more: Any) -> Application:
    """The same with a mail server."""
    made = make_application(dataclasses.replace(application.settings, smtp_server="127.0.0.1", **more))
    made.clock = application.clock
    return made


def run(application: Application) -> None:
    while Worker(application, HANDLERS, "worker").run_once():
        pass


def test_every_kind_of_job_has_a_handler() -> None:
    assert set(HANDLERS) == set(JOBS.values())


def test_mail_goes_to_the_server_of_the_settings(application: Application, make_application: Make) -> None:
    ask(application, MAIL)
    with mail_server() as server:
        run(mailing(application, make_application, smtp_port=server.port, email_prefix="[Site]"))

    (message,) = server.received
    assert b"Subject: [Site] Hello\r\n" in message.data
    assert stored_jobs(application)[0].state == OutboxState.DONE


def test_mail_that_nobody_takes_is_given_up_at_once(application: Application, make_application: Make) -> None:
    ask(application, dataclasses.replace(MAIL, to=("eve@refused.example",)))
    with mail_server() as server:
        run(mailing(application, make_application, smtp_port=server.port))
    (row,) = stored_jobs(application)
    assert (row.state, row.attempts) == (OutboxState.DEAD, 1)
    assert row.problem == "The mail server refused every recipient: eve@refused.example: 550 not here"


def test_one_bad_address_is_told_in_the_log(application: Application, make_application: Make) -> None:
    ask(application, dataclasses.replace(MAIL, to=("ada@example.org", "eve@refused.example")))
    with mail_server() as server:
        run(mailing(application, make_application, smtp_port=server.port))
    (row,) = stored_jobs(application)
    assert row.state == OutboxState.DONE
    with reading(application) as services:
        assert services.progress.get(row.outbox_id).log == "eve@refused.example: 550 not here\n"


@pytest.mark.parametrize(
    ("purpose", "hours", "state", "problem"),
    [
        (Purpose.PASSWORD, 0, OutboxState.DONE, ""),
        (Purpose.PASSWORD, 1, OutboxState.DEAD, "The link had expired before its mail could be sent."),
        (Purpose.NOTICE, 1, OutboxState.DONE, ""),
    ],
    ids=["counts", "expired", "no-link"],
)
def test_link_that_has_expired_is_not_sent(
    application: Application,
    make_application: Make,
    clock: Clock,
    purpose: Purpose,
    hours: int,
    state: str,
    problem: str,
) -> None:
    with writing(application) as services:
        services.mail_links.create(purpose, "ada@example.org", Asker("10.0.0.1", "en"))
    clock.pass_(hours * 3600)
    with mail_server() as server:
        run(mailing(application, make_application, smtp_port=server.port, canonical_url="https://code.example.org"))
    assert len(server.received) == (state == OutboxState.DONE)
    assert [(row.state, unpack(row.problem)) for row in stored_jobs(application)] == [(state, problem)]


def test_mails_of_events_are_tried_for_eight_hours() -> None:
    tried = sum((retry_delay(attempt) for attempt in range(1, MailNotification.attempts)), datetime.timedelta())
    assert tried > datetime.timedelta(hours=8)


def test_mail_waits_for_a_server_that_is_away(application: Application, make_application: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    ask(application, MAIL)
    run(mailing(application, make_application, smtp_port=port))
    (row,) = stored_jobs(application)
    assert (row.state, row.problem) == (OutboxState.WAITING, "The mail server cannot be used: ConnectionRefusedError.")


def test_mail_without_a_server_is_done_with_a_word(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    ask(application, MAIL)
    with caplog.at_level(logging.INFO):
        run(application)
    assert stored_jobs(application)[0].state == OutboxState.DONE
    assert "no smtp_server is set" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_use_of_sessions_and_tokens_is_noted(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        user = services.users.create(COMMAND_LINE, name="ada")
        session_id = services.user_sessions.create(user, address="", client="")
        token, _ = services.tokens.create(COMMAND_LINE, user)
        session = services.user_sessions.find(session_id)
    assert session is not None
    at = clock.now + datetime.timedelta(hours=1)
    ask(
        application,
        NoteUse("user_session", session.user_session_id, at.isoformat()),
        NoteUse("token", token.token_id, at.isoformat()),
    )
    run(application)
    with reading(application) as services:
        seen = services.user_sessions.find(session_id)
        assert seen is not None
        assert (seen.seen, services.tokens.get(user, token.token_id).used) == (at, at)


def test_repositories_that_differ_are_settled(application: Application) -> None:
    repository_id = create_repository(application, COMMAND_LINE, None, kind=Kind.GIT, path="name")
    (application.settings.repository_folder / "name" / "packed-refs").write_bytes(b"# pack-refs with: peeled \n")
    ask(application, SettleRepositories())
    run(application)
    assert [row.kind for row in stored_jobs(application, SettleRepositories, SettleRepository)] == [
        "SettleRepositories",
        "SettleRepository",
    ]
    with (
        reading(application) as services,
        services.repositories.open(services.repositories.get_by_id(repository_id)) as repository,
    ):
        assert services.pushes.recorded(repository_id).fingerprint == repository.fingerprint()


@pytest.mark.parametrize(
    "job", [SettleRepositories(), UpkeepRepositories(), IndexRepositories()], ids=["settle", "upkeep", "index"]
)
def test_what_goes_through_all_repositories_ends_when_its_time_is_over(application: Application, job: Job) -> None:
    create_repository(application, COMMAND_LINE, None, kind=Kind.GIT, path="name")
    before = len(stored_jobs(application))
    context = JobContext(application, 1, orders=Orders(JobOvertimeError("time")))
    with pytest.raises(JobOvertimeError):
        HANDLERS[type(job)](application, job, context)
    assert len(stored_jobs(application)) == before
