"""Where Beaker keeps sessions: nothing of strangers, nothing for ever, nothing that a late request revives."""

import dataclasses
import datetime
import os
import pathlib
import pickle
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from beaker.ext.sqla import SqlaNamespaceManager
from sqlalchemy import Connection, create_engine, inspect, text

from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.session_stores import clean_session_store
from kallithea.services.worker import Worker
from kallithea.web.sessions import BrowserSession, session_options
from tests.applications import Clock
from tests.web.site import Browser, Site, get

_REDIS = os.environ.get("KALLITHEA_TEST_REDIS", "redis://127.0.0.1:6379/0")
_TWO_DAYS = 2 * 86400


@dataclass
class Store:
    """One of the places that are cleaned by a job. ``settings`` are those that name it."""

    settings: Settings

    def count(self) -> int:
        """How many sessions it holds."""
        if self.settings.session_data_dir is not None:
            return len(self.files(".cache"))
        with self.database() as connection:
            there = inspect(connection).has_table("beaker_cache")
            return connection.scalar(text("SELECT count(*) FROM beaker_cache")) or 0 if there else 0

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A transaction in its database, closed afterwards."""
        engine = create_engine(self.settings.session_url)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def files(self, suffix: str) -> list[pathlib.Path]:
        """Its files of a kind."""
        return list((self.settings.session_data_dir or pathlib.Path("/nowhere")).rglob(f"*{suffix}"))

    def overwrite(self, entry: bytes) -> None:
        """Put something else in the place of the session that it holds."""
        if self.settings.session_data_dir is not None:
            self.files(".cache")[0].write_bytes(entry)
            return
        with self.database() as connection:
            connection.execute(text("UPDATE beaker_cache SET data = :data"), {"data": entry})

    def age(self, seconds: float) -> None:
        """Let all that it holds have been stored so long ago."""
        then = datetime.datetime.now() - datetime.timedelta(seconds=seconds)  # noqa: DTZ005 - as Beaker writes it
        if self.settings.session_data_dir is not None:
            for path in self.files(""):
                if path.is_file():
                    os.utime(path, (then.timestamp(), then.timestamp()))
            return
        with self.database() as connection:
            connection.execute(text("UPDATE beaker_cache SET accessed = :then"), {"then": str(then)})


@pytest.fixture(params=["file", "ext:database"])
def store(request: pytest.FixtureRequest, application: Application, tmp_path: pathlib.Path) -> Iterator[Store]:
    own: dict[str, Any] = {"session_data_dir": tmp_path / "sessions"}
    if request.param == "ext:database":
        own = {"session_url": f"sqlite:///{tmp_path / 'sessions.db'}"}
    application.settings = dataclasses.replace(application.settings, session_type=request.param, **own)
    yield Store(application.settings)
    # Beaker keeps an engine per address for as long as the process lives.
    engine = SqlaNamespaceManager.binds.dict.pop(application.settings.session_url, None)
    if engine is not None:
        engine.dispose()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _is_signed_in(site: Site, browser: Any) -> bool:
    return bool(get(browser, "/_admin/my_account").status_int == 200)


def test_nothing_is_stored_of_strangers(store: Store, application: Application) -> None:
    site = Site(application)
    for address in ("/", "/_admin/login", "/_admin/password_reset"):
        get(site.browser(), address)
    assert store.count() == 0
    assert site.sign_in("nobody")[1].status_int == 200
    assert store.count() == 0


def test_what_nobody_uses_is_deleted_and_what_somebody_uses_stays(store: Store, application: Application) -> None:
    site = Site(application)
    site.user("ada")
    used, _ = site.sign_in("ada")
    site.sign_in("ada")
    assert store.count() == 2
    store.age(application.settings.session_timeout)
    # the session was seen a day ago, and is now
    with application.engine.begin() as connection:
        connection.execute(text("UPDATE user_sessions SET seen = :then"), {"then": str(_now() - datetime.timedelta(1))})
    assert _is_signed_in(site, used)
    assert clean_session_store(application.settings, _now()) == 0
    assert clean_session_store(application.settings, _now() + datetime.timedelta(seconds=_TWO_DAYS)) == 1
    assert (store.count(), store.files(".lock")) == (1, [])
    assert _is_signed_in(site, used)


def test_a_request_that_comes_late_revives_no_session(store: Store, application: Application) -> None:
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    options = session_options({}, application.settings)
    cookie = f"{options.key}={browser.cookies[options.key]}"
    late = BrowserSession({"HTTP_COOKIE": cookie}, options, secure=False)
    site.post(browser, "/_admin/logout", {})
    late.keep()
    assert not _is_signed_in(site, browser)
    assert get(browser, "/", headers={"Cookie": cookie}).status_int == 200
    assert get(browser, "/_admin/my_account", headers={"Cookie": cookie}).status_int != 200


class Malicious:
    """An object whose pickle makes a folder when it is read."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def test_a_pickle_in_place_of_a_session_is_none_and_runs_nothing(
    store: Store, application: Application, tmp_path: pathlib.Path
) -> None:
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    made = tmp_path / "made"
    pickled = pickle.dumps({"session": Malicious(made)})
    store.overwrite(pickled)
    assert get(browser, "/").status_int == 200
    assert not _is_signed_in(site, browser)
    assert not made.exists()
    assert _is_signed_in(site, site.sign_in("ada")[0])


@pytest.mark.parametrize("entry", [b"", b"[1]", b'{"session": 1}', b'{"session": "AAAA"}', b"\xff"])
def test_what_is_no_session_signs_nobody_in(store: Store, application: Application, entry: bytes) -> None:
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    store.overwrite(entry)
    assert get(browser, "/").status_int == 200
    assert not _is_signed_in(site, browser)


def test_a_store_that_is_away_is_told_to_those_who_have_a_session(
    application: Application, tmp_path: pathlib.Path
) -> None:
    folder = tmp_path / "sessions"
    application.settings = dataclasses.replace(application.settings, session_type="file", session_data_dir=folder)
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    folder.rename(tmp_path / "elsewhere")
    folder.write_bytes(b"")
    answer = get(browser, "/")
    assert (answer.status_int, "Sessions cannot be read" in answer.text) == (503, True)
    assert get(site.browser(), "/").status_int == 200
    folder.unlink()
    (tmp_path / "elsewhere").rename(folder)
    assert _is_signed_in(site, browser)


@dataclass(frozen=True)
class RedisServer:
    """A server that other tests use at the same time; ``keys`` are those of this one, which are deleted after it."""

    client: Any
    keys: list[str]

    def key_of(self, session_id: str) -> str:
        """The key of a session."""
        self.keys.append(f"beaker_cache:{session_id}:session")
        return self.keys[-1]

    def key_of_browser(self, browser: Browser) -> str:
        """The key of the session that a browser's cookie names, behind a signature of 40 digits."""
        return self.key_of(browser.cookies["kallithea"][40:])


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with redis.Redis.from_url(_REDIS) as client:
        found = RedisServer(client, [])
        yield found
        for key in found.keys:
            client.delete(key)


@pytest.mark.services
def test_redis_forgets_what_nobody_uses(application: Application, server: RedisServer) -> None:
    application.settings = dataclasses.replace(application.settings, session_type="ext:redis", session_url=_REDIS)
    options = session_options({}, application.settings)
    session = BrowserSession({}, options, secure=False)
    session.start(secrets.token_urlsafe(), None)
    key = server.key_of(session._own._beaker.id)
    timeout = application.settings.session_timeout
    assert timeout < server.client.ttl(key) <= timeout + 86400
    server.client.expire(key, 60)
    session.keep()
    assert server.client.ttl(key) > timeout


@pytest.mark.services
@pytest.mark.parametrize("old", [False, True])
def test_a_pickle_in_redis_is_no_session_and_runs_nothing(
    application: Application, server: RedisServer, tmp_path: pathlib.Path, old: bool
) -> None:
    application.settings = dataclasses.replace(application.settings, session_type="ext:redis", session_url=_REDIS)
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    key = server.key_of_browser(browser)
    made = tmp_path / "made"
    server.client.set(key, pickle.dumps(server.client.get(key).decode() if old else Malicious(made)))
    assert get(browser, "/").status_int == 200
    assert not _is_signed_in(site, browser)
    assert not made.exists()


@pytest.mark.services
def test_a_server_that_is_away_refuses_nobody_but_those_who_have_a_session(
    application: Application, server: RedisServer
) -> None:
    application.settings = dataclasses.replace(application.settings, session_type="ext:redis", session_url=_REDIS)
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    server.key_of_browser(browser)
    assert _is_signed_in(site, browser)
    gone = "redis://127.0.0.1:1/0"
    application.settings = dataclasses.replace(application.settings, session_url=gone)
    browser.app = Site(application).pages
    assert get(browser, "/").status_int == 503
    browser.reset()
    assert get(browser, "/").status_int == 200


def test_a_short_session_lasts_as_long_as_it_is_used(application: Application) -> None:
    clock = Clock()
    application.settings = dataclasses.replace(application.settings, session_timeout=600)
    application.clock = clock
    site = Site(application)
    site.user("ada")
    browser, _ = site.sign_in("ada")
    for _ in range(4):
        clock.pass_(300)
        assert _is_signed_in(site, browser)
        application.later.flush()
        assert Worker(application, HANDLERS, "worker").run_once()
    clock.pass_(601)
    assert not _is_signed_in(site, browser)
