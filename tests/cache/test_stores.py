import dataclasses
import getpass
import os
import pathlib
import pickle
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from typing import Any, cast

import memcache
import pytest
from redis import Redis

from kallithea.cache.beaker_store import BeakerStore, CacheServerError, _name
from kallithea.cache.entry import content_of
from kallithea.cache.file_store import FileStore
from kallithea.cache.stores import Caches, Server, open_caches


def opened(folder: pathlib.Path, server: Server | None = None) -> Caches:
    return open_caches(
        folder / "cache", size=1_000_000, archive_folder=folder / "archives", archive_size=1_000, server=server
    )


@pytest.fixture
def redis() -> Server:
    return Server("ext:redis", os.environ.get("KALLITHEA_TEST_REDIS", "redis://127.0.0.1:6379/0"), 60)


@pytest.fixture
def memcached() -> Iterator[Server]:
    """A server of its own, which refuses values of more than 1 MiB."""
    # the path of a socket must be short
    with tempfile.TemporaryDirectory() as folder:
        address = pathlib.Path(folder, "socket")
        process = subprocess.Popen(["memcached", "-s", str(address), "-m", "16", "-u", getpass.getuser()])
        try:
            deadline = time.monotonic() + 10
            while not address.exists():
                assert time.monotonic() < deadline, "memcached did not start"
                time.sleep(0.02)
            yield Server("ext:memcached", f"unix:{address}", 60)
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(params=["redis", "memcached"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_values_lie_in_files_unless_a_server_is_named(tmp_path: pathlib.Path) -> None:
    assert isinstance(opened(tmp_path).small, FileStore)


def test_nothing_is_kept_where_caches_are_not_enabled(tmp_path: pathlib.Path) -> None:
    caches = open_caches(
        tmp_path / "cache", size=1_000_000, archive_folder=tmp_path / "archives", archive_size=1_000, enabled=False
    )
    for store in (caches.small, caches.large):
        store.put("a", b"content")
        assert store.get("a") is None
    assert list(tmp_path.iterdir()) == []
    assert list(caches.usages()) == ["archives"]


@pytest.mark.services
def test_machines_share_values_through_a_server(tmp_path: pathlib.Path, server: Server) -> None:
    key = f"test:{uuid.uuid4()}"
    one, other = (opened(tmp_path / name, server).small for name in ("one", "other"))
    assert one.get(key) is None
    one.put(key, b"\0content")
    assert other.get(key) == b"\0content"


@pytest.mark.services
def test_what_somebody_else_wrote_to_the_server_is_a_miss(tmp_path: pathlib.Path, server: Server) -> None:
    store = opened(tmp_path, server).small
    assert isinstance(store, BeakerStore)
    key = f"test:{uuid.uuid4()}"
    store.put(key, b"content")
    store._values.set_value(_name(key), b"something else", 60)
    assert store.get(key) is None


class Malicious:
    """An object whose pickle makes a folder when it is read."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.services
def test_a_pickle_in_redis_is_a_miss_and_runs_nothing(tmp_path: pathlib.Path, redis: Server) -> None:
    store = opened(tmp_path, redis).small
    assert isinstance(store, BeakerStore)
    key, made = f"test:{uuid.uuid4()}", tmp_path / "made"
    place = f"beaker_cache:kallithea:{_name(key)}"
    with Redis.from_url(redis.url) as client:
        client.set(place, pickle.dumps(Malicious(made)), ex=60)
        assert store.get(key) is None
        assert not made.exists()
        store.put(key, b"content")
        assert content_of(key, cast(bytes, client.get(place))) == b"content"


@pytest.mark.services
def test_a_pickle_in_memcached_is_a_miss_and_runs_nothing(tmp_path: pathlib.Path, memcached: Server) -> None:
    store = opened(tmp_path, memcached).small
    key, made = "test", tmp_path / "made"
    client = memcache.Client([memcached.url])
    assert client.set(f"kallithea_{_name(key)}", Malicious(made))
    assert store.get(key) is None
    assert not made.exists()
    store.put(key, b"content")
    assert store.get(key) == b"content"
    client.disconnect_all()


@pytest.mark.services
def test_memcached_keeps_values_for_more_than_a_month(tmp_path: pathlib.Path, memcached: Server) -> None:
    store = opened(tmp_path, dataclasses.replace(memcached, expire=90 * 86400)).small
    store.put("test", b"content")
    assert store.get("test") == b"content"


@pytest.mark.services
def test_what_the_server_refuses_is_a_miss(tmp_path: pathlib.Path, memcached: Server) -> None:
    store = opened(tmp_path, memcached).small
    store.put("large", b"x" * 2_000_000)
    store.put("small", b"x")
    assert store.get("large") is None
    assert store.get("small") == b"x"


def test_a_server_that_is_away_makes_every_look_a_miss(tmp_path: pathlib.Path) -> None:
    store = opened(tmp_path, Server("ext:redis", "redis://127.0.0.1:1/0", 60)).small
    store.put("a", b"content")
    assert store.get("a") is None


def test_a_server_that_says_nothing_is_waited_for_once(tmp_path: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = opened(tmp_path, Server("ext:redis", f"redis://127.0.0.1:{port}/0?socket_timeout=0.3", 60)).small
        assert [store.get(key) for key in "abc"] == [None] * 3
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_an_address_that_is_none_is_refused_in_words(tmp_path: pathlib.Path) -> None:
    with pytest.raises(CacheServerError, match=r"beaker\.cache\.type = ext:redis"):
        opened(tmp_path, Server("ext:redis", "nonsense", 60))
