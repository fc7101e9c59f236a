"""Units of work: the only place that opens and commits transactions.

    with reading(application) as services: ...   # a page, a clone
    with looking(application) as connection: ... # a poll
    with writing(application) as services: ...   # a form, a job, a record of a push

A writing unit commits and then hands its jobs over; when it fails it rolls back and hands over none.
"""

import contextlib
import logging
import tempfile
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, SessionTransaction

from kallithea.core.errors import OvertakenError, UnavailableError
from kallithea.core.jobs import Job
from kallithea.core.settings import Settings
from kallithea.core.storage import StorageError
from kallithea.core.words import _
from kallithea.migrations.schema import SchemaError
from kallithea.model.conflict import is_overtaken
from kallithea.model.database_clock import DatabaseClock
from kallithea.model.engine import open_engine, require_local_file
from kallithea.model.outage import is_outage
from kallithea.model.unwritable import find_database_fault
from kallithea.services.again import again_if_overtaken
from kallithea.services.application import Application, utc_now
from kallithea.services.bell import Bell
from kallithea.services.index_turns import IndexTurns
from kallithea.services.later import Later
from kallithea.services.notices import send_notice
from kallithea.services.scope import Services
from kallithea.services.search_engines import open_search

log = logging.getLogger(__name__)


def open_application(settings: Settings) -> Application:
    """The application of this process, without a connection yet. Raises SettingsError."""
    require_local_file(settings.database_url, "sqlalchemy.url")
    if settings.session_type == "ext:database":
        require_local_file(settings.session_url, "session.url")
    engine = open_engine(settings.database_url, pool_size=settings.pool_size, pool_recycle=settings.pool_recycle)
    clock = DatabaseClock(engine, utc_now)
    application = Application(settings, engine, clock=clock, wake=Bell(settings.cache_dir).ring)
    application.search = open_search(settings, IndexTurns(lambda: writing(application)))
    application.later = Later(lambda jobs: _store(application, jobs))
    # Python chooses one when it first needs it, and takes another than TMPDIR if that is full at this moment.
    with contextlib.suppress(OSError):
        tempfile.gettempdir()
    return application


_AWAY = _("The database cannot be reached or is busy. Nothing was changed.")
_OVERTAKEN = _("Somebody else was changing the same at this moment, and was first. Nothing was changed: try it again.")
_OTHER_TABLES = _(
    "The database of this site is not ready: its tables are those of another version. The log tells more."
)


@contextlib.contextmanager
def reading(application: Application) -> Iterator[Services]:
    """A unit that only reads. Raises UnavailableError when the database cannot be reached."""
    with _translated(application), Session(application.readers, expire_on_commit=False) as session:
        yield Services(application, session)


@contextlib.contextmanager
def looking(application: Application) -> Iterator[Connection]:
    """The same for a few plain statements, without a session: it would take longer than they do."""
    with _translated(application), application.readers.connect() as connection:
        yield connection


@contextlib.contextmanager
def writing(application: Application) -> Iterator[Services]:
    """A unit that commits at its end. Raises UnavailableError when the database cannot be reached or stays locked.

    OvertakenError where the database ends it for a deadlock. It is not run again here: only who began it knows whether
    that does something twice (``services/again.py``). People are asked to, with what they wrote; jobs are. The error
    says so where nobody can know whether the commit has arrived.
    """
    with _translated(application), Session(application.writers, expire_on_commit=False) as session:
        services = Services(application, session)
        with session.begin() as transaction:
            yield services
            if services.outbox.added:
                send_notice(session)
            _commit(session, transaction)
    if services.outbox.added:
        application.wake()


def _commit(session: Session, transaction: SessionTransaction) -> None:
    session.flush()
    try:
        # its end commits, and rolls back where that fails
        with transaction:
            pass
    except DBAPIError as problem:
        if problem.connection_invalidated and find_database_fault(problem) is None:
            log.warning("the database went away at a commit: %s", problem.orig)
            raise UnavailableError(
                _("The database went away while storing this: it may be stored or not. Look before you try again.")
            ) from problem
        raise


@contextlib.contextmanager
def _translated(application: Application) -> Iterator[None]:
    _settle_check(application)
    try:
        yield
    except PoolTimeoutError as problem:
        log.warning("all connections to the database are in use: %s", problem)
        raise UnavailableError(_AWAY) from problem
    except DBAPIError as problem:
        # drivers have several names for a connection that has broken, and for a database that is read-only
        fault = find_database_fault(problem)
        if fault is not None:
            raise StorageError(fault) from problem
        if is_overtaken(problem):
            raise OvertakenError(_OVERTAKEN) from problem
        if problem.connection_invalidated or is_outage(problem):
            log.warning("the database did not answer: %s", problem.orig)
            raise UnavailableError(_AWAY) from problem
        raise


def _settle_check(application: Application) -> None:
    """What drivers and the check say is for the log alone."""
    try:
        application.owed_check.settle()
    except SchemaError as problem:
        log.error("%s", problem)
        raise UnavailableError(_OTHER_TABLES) from problem
    except UnavailableError as problem:
        log.warning("%s", problem)
        raise UnavailableError(_AWAY) from problem


def _store(application: Application, jobs: list[Job]) -> None:
    def store() -> None:
        with writing(application) as services:
            services.outbox.add_all(jobs)

    again_if_overtaken(store)
