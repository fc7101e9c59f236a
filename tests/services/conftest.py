"""An application on a fresh database and an empty repository folder, whose clock the tests move."""

import datetime
import pathlib
from collections.abc import Iterator

import pytest

from kallithea.core.settings import parse_settings
from kallithea.model.tables import METADATA
from kallithea.services.application import Application
from kallithea.services.work import open_application


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = datetime.datetime(2030, 1, 2, 3, 4, 5, 678_901, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += datetime.timedelta(**parts)


def open_test_application(url: str, folder: pathlib.Path, **more: str) -> Application:
    """An application that uses this database, and folders below ``folder``; ``more`` are further settings."""
    values = {
        "sqlalchemy.url": url,
        "repository_folder": str(folder / "repositories"),
        "cache_dir": str(folder / "cache"),
        "session.secret": "0123456789abcdef0123456789abcdef",
    }
    return open_application(parse_settings(values | more))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application(database_url: str, tmp_path: pathlib.Path, clock: Clock) -> Iterator[Application]:
    application = open_test_application(database_url, tmp_path)
    application.settings.repository_folder.mkdir()
    application.clock = clock
    METADATA.create_all(application.engine)
    yield application
    application.close()
