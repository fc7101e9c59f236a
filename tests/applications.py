"""An application on a fresh database with all its tables: SQLite, or every engine where a test asks for each.

`application` runs a test on SQLite. `every_application` runs it once on each engine (the servers with --services).
`make_application` makes further ones on the same database, as further processes would have.
"""

import datetime
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kallithea.core.settings import Settings, parse_settings
from kallithea.services.application import Application
from kallithea.services.work import open_application
from tests.prepared_databases import PreparedDatabases

#: How the threads are named that use a database on their own.
_AT_WORK = ("jobs-", "job watch", "lease", "notices")
NOON = datetime.datetime(2030, 1, 2, 12, 0, 0, 123456, tzinfo=datetime.UTC)


@dataclass
class Clock:
    """A clock that stands still until it is moved: `application.clock = clock`."""

    now: datetime.datetime = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


def settings_for(database_url: str, folder: Path, **further: str) -> Settings:
    """Settings with both folders in `folder`; `further` are keys of the .ini with `__` for the dot."""
    for name in ("repositories", "cache"):
        (folder / name).mkdir(exist_ok=True)
    values = {
        "sqlalchemy.url": database_url,
        "repository_folder": str(folder / "repositories"),
        "cache_dir": str(folder / "cache"),
        "pack_cache_dir": str(folder / "packs"),
        "session.secret": "a secret of the tests, long enough",
        # the address of browsers in tests
        "metrics_networks": "192.0.2.7",
    }
    return parse_settings(values | {key.replace("__", "."): value for key, value in further.items()})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an application on an SQLite database in `tmp_path`."""
    return settings_for(f"sqlite:///{tmp_path / 'kallithea.db'}", tmp_path)


@pytest.fixture
def application(settings: Settings, prepared_databases: PreparedDatabases) -> Iterator[Application]:
    """An application on a fresh SQLite database."""
    with prepared_databases.lend("sqlite", Path(settings.database_url.removeprefix("sqlite:///")).parent):
        application = open_application(settings)
        yield application
        _close(application)


@pytest.fixture
def every_application(migrated_url: str, tmp_path: Path) -> Iterator[Application]:
    """An application on a fresh database, once for each engine."""
    application = open_application(settings_for(migrated_url, tmp_path))
    yield application
    _close(application)


@pytest.fixture
def make_application() -> Iterator[Callable[[Settings], Application]]:
    """Open applications that are closed when the test ends."""
    opened: list[Application] = []

    def make(settings: Settings) -> Application:
        opened.append(open_application(settings))
        return opened[-1]

    yield make
    for application in opened:
        _close(application)


def _close(application: Application) -> None:
    """Whatever runs jobs has to be ended by the test: what it connects to later is closed by nobody."""
    at_work = [thread.name for thread in threading.enumerate() if thread.name.startswith(_AT_WORK)]
    application.close()
    assert not at_work
