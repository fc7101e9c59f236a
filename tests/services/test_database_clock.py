"""The clock of a process, whatever its machine says."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import CleanUp, Queue
from kallithea.core.settings import Settings
from kallithea.model.database_clock import DatabaseClock
from kallithea.model.lease import Lease
from kallithea.model.mail_link import MailLink
from kallithea.model.token import Token
from kallithea.model.user_session import UserSession
from kallithea.services.application import Application, utc_now
from kallithea.services.mail_links import LIFETIMES, Asker, Purpose, make_text
from kallithea.services.tokens import find_bearer
from kallithea.services.work import open_application, reading, writing
from tests.applications import settings_for
from tests.prepared_databases import PreparedDatabases

OFF = datetime.timedelta(minutes=10)
#: Longer than a test takes between two looks at the time.
NEAR = datetime.timedelta(minutes=1)
SHORT = datetime.timedelta(minutes=5)


@pytest.fixture(params=["postgresql", "mariadb"])
def settings(
    request: pytest.FixtureRequest, prepared_databases: PreparedDatabases, tmp_path: Path
) -> Iterator[Settings]:
    """Of a site whose database is a server."""
    with prepared_databases.lend(request.param, tmp_path) as database:
        yield settings_for(database, tmp_path)


def machine(application: Application, off: datetime.timedelta) -> Application:
    """An application on a machine whose clock is off by so much."""
    application.clock = DatabaseClock(application.engine, lambda: utc_now() + off)
    return application


@pytest.mark.services
@pytest.mark.parametrize("off", [OFF, -OFF])
def test_the_database_tells_the_time(
    settings: Settings, make_application: Callable[[Settings], Application], off: datetime.timedelta
) -> None:
    application = machine(make_application(settings), off)
    assert abs(application.clock() - utc_now()) < NEAR


@pytest.mark.services
@pytest.mark.parametrize("step", [OFF, -OFF])
def test_a_machine_whose_clock_is_set_meanwhile_takes_no_job_from_another(
    settings: Settings, make_application: Callable[[Settings], Application], step: datetime.timedelta
) -> None:
    here, there = make_application(settings), make_application(settings)
    steps = [datetime.timedelta()]
    there.clock = DatabaseClock(there.engine, lambda: utc_now() + steps[-1])
    assert abs(there.clock() - utc_now()) < NEAR
    with writing(here) as services:
        services.outbox.add(CleanUp())
    with writing(here) as services:
        assert services.taken_jobs.take("here", list(Queue)) is not None
    steps.append(step)
    with writing(there) as services:
        assert services.taken_jobs.take("there", list(Queue)) is None
    assert abs(there.clock() - utc_now()) < NEAR


@pytest.mark.services
def test_what_could_not_be_measured_is_measured_the_next_time(
    settings: Settings, make_application: Callable[[Settings], Application]
) -> None:
    application = machine(make_application(settings), OFF)
    clock = application.clock
    assert isinstance(clock, DatabaseClock)
    question, clock._question = clock._question, "SELECT nothing FROM nowhere"
    assert clock() - utc_now() > NEAR
    with reading(application) as services:
        assert services.users.count() == 0
    clock._question = question
    assert abs(clock() - utc_now()) < NEAR


@pytest.mark.services
def test_a_job_stays_its_workers_where_clocks_differ(
    settings: Settings, make_application: Callable[[Settings], Application]
) -> None:
    early, late = (machine(make_application(settings), off) for off in (-OFF, OFF))
    with writing(early) as services:
        services.outbox.add(CleanUp())
    with writing(early) as services:
        assert services.taken_jobs.take("early", list(Queue)) is not None
    with writing(late) as services:
        assert services.taken_jobs.take("late", list(Queue)) is None


@pytest.mark.services
@pytest.mark.parametrize("off", [OFF, -OFF])
def test_what_one_machine_makes_counts_for_its_time_on_another(
    settings: Settings, make_application: Callable[[Settings], Application], off: datetime.timedelta
) -> None:
    """Sessions, tokens and links in mails that live for less than the clocks differ by, and leases."""
    settings = dataclasses.replace(settings, session_timeout=int(SHORT.total_seconds()))
    here, there = (machine(make_application(settings), one) for one in (off, -off))
    with writing(here) as services:
        user = services.users.create(COMMAND_LINE, name="ada")
        session_id = services.user_sessions.create(user, address="", client="")
        _, token = services.tokens.create(COMMAND_LINE, user, expires=here.clock() + SHORT)
        services.mail_links.create(Purpose.PASSWORD, "ada@example.org", Asker("192.0.2.7", "en"), user=user)
        assert services.leases.acquire("work", "here", SHORT.total_seconds())
    with writing(there) as services:
        assert services.user_sessions.find(session_id) is not None
        assert find_bearer(services.session.connection(), token, there.clock()) is not None
        link = services.session.scalars(select(MailLink)).one()
        text = make_text(settings.session_secret, link)
        assert services.mail_links.get(Purpose.PASSWORD, text) is link
        assert abs(link.expires - utc_now() - LIFETIMES[Purpose.PASSWORD]) < NEAR
        assert services.leases.acquire("work", "there", 60) is None
    with writing(there) as services:
        for table in (UserSession, Token, MailLink, Lease):
            services.session.execute(update(table).values(expires=utc_now() - NEAR))
    for application in (here, there):
        with writing(application) as services:
            assert services.user_sessions.find(session_id) is None
            assert find_bearer(services.session.connection(), token, application.clock()) is None
            with pytest.raises(NotFoundError):
                services.mail_links.get(Purpose.PASSWORD, text)
            assert services.leases.acquire("work", "there", 60) is not None


def test_sqlite_has_the_clock_of_its_machine(tmp_path: Path) -> None:
    application = open_application(settings_for(f"sqlite:///{tmp_path}/kallithea.db", tmp_path))
    application.clock = DatabaseClock(application.engine, lambda: utc_now() + OFF)
    assert application.clock() - utc_now() > NEAR
    application.close()
