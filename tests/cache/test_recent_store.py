"""A store in front of which a process keeps what it read lately."""

import pathlib

from kallithea.cache.file_store import FileStore
from kallithea.cache.recent_store import RecentStore


def test_what_was_read_or_stored_is_not_read_again(tmp_path: pathlib.Path) -> None:
    files = FileStore(tmp_path, 1_000_000)
    files.put("read", b"1")
    store = RecentStore(files)
    store.put("stored", b"2")
    assert store.get("read") == b"1"
    files.clear()
    assert (store.get("read"), store.get("stored")) == (b"1", b"2")


def test_processes_find_what_others_stored(tmp_path: pathlib.Path) -> None:
    one, other = (RecentStore(FileStore(tmp_path, 1_000_000)) for _ in range(2))
    assert other.get("key") is None
    one.put("key", b"content")
    assert other.get("key") == b"content"


def test_room_is_bounded(tmp_path: pathlib.Path) -> None:
    files = FileStore(tmp_path, 1_000_000)
    store = RecentStore(files, room=2_000)
    for key in ("first", "second", "third"):
        store.put(key, b"x" * 400)
    files.clear()
    assert [store.get(key) is not None for key in ("first", "second", "third")] == [False, True, True]


def test_a_long_key_takes_room_too(tmp_path: pathlib.Path) -> None:
    files = FileStore(tmp_path, 1_000_000)
    store = RecentStore(files, room=2_000)
    store.put("first", b"x")
    store.put("k" * 1_400, b"x")
    files.clear()
    assert store.get("first") is None
