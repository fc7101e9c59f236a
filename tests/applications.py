"""An application on a fresh database with all its tables: SQLite, or every engine where a test asks for each.

`application` runs a test on SQLite. `every_application` runs it once on each engine (the servers with --services).
`make_application` makes further ones on the same database, as further processes would have.
"""

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kallithea.core.settings import Settings, parse_settings
from kallithea.migrations.upgrade import create_schema
from kallithea.model.engine import open_engine
from kallithea.services.application import Application
from kallithea.services.work import open_application

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
    }
    return parse_settings(values | {key.replace("__", "."): value for key, value in further.items()})


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables, to be copied: quicker than making the tables for each test."""
    path = tmp_path_factory.mktemp("migrated") / "kallithea.db"
    engine = open_engine(f"sqlite:///{path}")
    create_schema(engine)
    # the last connection to close puts everything into the one file
    engine.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an application on an SQLite database in `tmp_path`."""
    return settings_for(f"sqlite:///{tmp_path / 'kallithea.db'}", tmp_path)


@pytest.fixture
def application(settings: Settings, migrated_file: Path) -> Iterator[Application]:
    """An application on a fresh SQLite database."""
    shutil.copyfile(migrated_file, settings.database_url.removeprefix("sqlite:///"))
    application = open_application(settings)
    yield application
    application.close()


@pytest.fixture
def every_application(database_url: str, tmp_path: Path) -> Iterator[Application]:
    """An application on a fresh database, once for each engine."""
    application = open_application(settings_for(database_url, tmp_path))
    create_schema(application.engine)
    yield application
    application.close()


@pytest.fixture
def make_application() -> Iterator[Callable[[Settings], Application]]:
    """Open applications that are closed when the test ends."""
    opened: list[Application] = []

    def make(settings: Settings) -> Application:
        opened.append(open_application(settings))
        return opened[-1]

    yield make
    for application in opened:
        application.close()
