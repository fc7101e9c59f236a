"""Units of work: the only place that opens and commits transactions.

    with reading(application) as services: ...   # a page, a clone
    with looking(application) as connection: ... # a poll
    with writing(application) as services: ...   # a form, a job, a record of a push

A writing unit commits and then hands its jobs over; when it fails it rolls back and hands over none.
"""

import contextlib
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from kallithea.core.errors import UnavailableError
from kallithea.core.jobs import Job
from kallithea.core.settings import Settings
from kallithea.core.words import _
from kallithea.model.engine import METER, open_engine
from kallithea.services.application import Application
from kallithea.services.bell import Bell
from kallithea.services.later import Later
from kallithea.services.notices import send_notice
from kallithea.services.scope import Services


def open_application(settings: Settings) -> Application:
    """The application of this process, without a connection yet."""
    engine = open_engine(settings.database_url, pool_size=settings.pool_size, pool_recycle=settings.pool_recycle)
    application = Application(settings, engine, wake=Bell(settings.cache_dir).ring)
    application.later = Later(lambda jobs: _store(application, jobs))
    return application


@contextlib.contextmanager
def reading(application: Application) -> Iterator[Services]:
    """A unit that only reads. Raises UnavailableError when the database cannot be reached."""
    with _translated(), Session(application.readers, expire_on_commit=False) as session:
        _count(application, session)
        yield Services(application, session)


@contextlib.contextmanager
def looking(application: Application) -> Iterator[Connection]:
    """The same for a few plain statements, without a session: it would take longer than they do."""
    with _translated(), application.readers.connect() as connection:
        yield connection


@contextlib.contextmanager
def writing(application: Application) -> Iterator[Services]:
    """A unit that commits at its end. Raises UnavailableError when the database cannot be reached or stays locked."""
    with _translated(), Session(application.writers, expire_on_commit=False) as session:
        services = Services(application, session)
        with session.begin():
            _count(application, session)
            yield services
            if services.outbox.added:
                send_notice(session)
    if services.outbox.added:
        application.wake()


def _count(application: Application, session: Session) -> None:
    """Begin at once, with a connection that tells the meter of its statements, where there is one."""
    if application.meter is not None:
        session.connection(execution_options={METER: application.meter})


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as problem:
        raise UnavailableError(_("The database cannot be reached or is busy. Nothing was changed.")) from problem


def _store(application: Application, jobs: list[Job]) -> None:
    with writing(application) as services:
        services.outbox.add_all(jobs)
