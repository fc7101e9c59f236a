import collections
import os
import pathlib
import random
import shutil
import signal
import threading
import time
from typing import BinaryIO

import pytest

from kallithea.cache.file_store import FileStore
from kallithea.core.errors import UnavailableError
from tests.processes import FRESH


@pytest.fixture
def store(tmp_path: pathlib.Path) -> FileStore:
    return FileStore(tmp_path, 1_000_000)


def entry_files(folder: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in folder.glob("*/*") if path.is_file()]


def write_hello(file: BinaryIO) -> None:
    file.write(b"hello")


def write_much(file: BinaryIO) -> None:
    file.write(b"x" * 1000)


def never(file: BinaryIO) -> None:
    raise AssertionError("there is an entry already")


def test_what_was_put_is_found_by_another_process(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    assert FileStore(tmp_path, 1_000_000).get("a") == b"content"


def test_what_was_never_put_is_a_miss(store: FileStore) -> None:
    assert store.get("a") is None
    assert store.find("a") is None


def test_the_newest_content_counts(store: FileStore) -> None:
    store.put("a", b"old")
    store.put("a", b"new")
    assert store.get("a") == b"new"


def test_nothing_is_left_aside(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    assert [path.suffix for path in entry_files(tmp_path)] == [""]


def test_only_what_is_sent_unseen_waits_for_the_disk(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    store.put("a", b"content")
    assert not synced
    store.produce("b", write_hello).close()
    assert len(synced) == 1


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 500])
def test_a_damaged_entry_is_a_miss(store: FileStore, tmp_path: pathlib.Path, damage: bytes) -> None:
    store.put("a", b"content")
    (path,) = entry_files(tmp_path)
    path.write_bytes(damage)
    assert store.get("a") is None
    assert store.find("a") is None


def test_an_entry_that_was_cut_off_is_a_miss(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    (path,) = entry_files(tmp_path)
    os.truncate(path, path.stat().st_size - 1)
    assert store.get("a") is None
    assert store.find("a") is None


def test_an_entry_with_a_changed_byte_is_a_miss(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    (path,) = entry_files(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"T")
    assert store.get("a") is None


def test_the_entry_of_another_key_is_a_miss(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    (path,) = entry_files(tmp_path)
    store.put("b", b"other")
    (other,) = set(entry_files(tmp_path)) - {path}
    path.replace(other)
    assert store.get("b") is None


def test_a_produced_entry_is_made_once(store: FileStore) -> None:
    store.produce("a", write_hello).close()
    with store.produce("a", never).open() as file:
        assert file.read() == b"hello"


def test_a_produced_entry_can_be_read_from_the_middle(store: FileStore) -> None:
    stored = store.produce("a", write_hello)
    assert stored.size == 5
    with stored.open(3) as file:
        assert file.read() == b"lo"


def test_what_the_producer_raises_is_passed_on_and_nothing_is_stored(store: FileStore, tmp_path: pathlib.Path) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        store.produce("a", fail)
    assert entry_files(tmp_path) == []


def test_a_damaged_entry_is_produced_anew(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.produce("a", write_hello).close()
    (path,) = entry_files(tmp_path)
    path.write_bytes(b"rubbish")
    with store.produce("a", write_hello).open() as file:
        assert file.read() == b"hello"


def test_the_least_used_entries_go_first(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 3_500, shards=1)
    for number, name in enumerate("abc"):
        store.put(name, b"x" * 1_000)
        for path in entry_files(tmp_path):
            os.utime(path, (time.time() - 90_000 + number, time.time() - 90_000 + number))
    assert store.get("a") is not None
    store.put("d", b"x" * 1_000)
    assert store.get("a") is not None
    assert store.usage().size <= 3_500
    assert store.usage().counts.evicted >= 1


def test_many_small_entries_stay_below_the_limit_and_few_of_them_are_the_cause_of_a_look(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, scandir = collections.Counter[object](), os.scandir

    def look(folder: pathlib.Path) -> object:
        looks[folder] += 1
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", look)
    random.seed(7)
    store = FileStore(tmp_path, 1_000_000, shards=1)
    sizes = []
    for number in range(2_000):
        store.put(str(number), b"x" * 1_000)
        if not number % 50:
            sizes.append(sum(path.stat().st_size for path in entry_files(tmp_path)))
    assert max(sizes) <= 1_000_000
    assert sizes[-1] > 800_000
    assert 60 < looks[tmp_path / "00"] < 300


def test_an_entry_larger_than_the_limit_is_still_handed_out(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 10, shards=1)
    with store.produce("a", write_much).open() as file:
        assert len(file.read()) == 1000
    store.put("b", b"y")
    assert store.get("a") is None


def test_an_evicted_entry_stays_readable_while_it_is_open(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 10, shards=1)
    stored = store.produce("a", write_hello)
    store.clear()
    with stored.open() as file:
        assert file.read() == b"hello"


def test_followers_get_what_the_producer_makes(store: FileStore) -> None:
    begun, go_on, made = threading.Event(), threading.Event(), []

    def slow(file: BinaryIO) -> None:
        begun.set()
        go_on.wait(10)
        made.append(file.write(b"once"))

    answers: list[bytes] = []

    def ask() -> None:
        with store.produce("a", slow).open() as file:
            answers.append(file.read())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert answers == [b"once"] * 3
    assert len(made) == 1


def test_a_follower_does_not_wait_for_ever(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 1000, wait_seconds=0.1)

    def ask_meanwhile(file: BinaryIO) -> None:
        with pytest.raises(UnavailableError, match="in a moment"):
            store.produce("a", never)
        write_hello(file)

    store.produce("a", ask_meanwhile).close()


def test_not_all_threads_of_a_process_wait_for_one_entry(store: FileStore) -> None:
    refused: list[UnavailableError] = []

    def follow() -> None:
        try:
            store.produce("a", never).close()
        except UnavailableError as problem:
            refused.append(problem)

    followers = [threading.Thread(target=follow) for _ in range(6)]

    def follow_meanwhile(file: BinaryIO) -> None:
        for follower in followers:
            follower.start()
        deadline = time.monotonic() + 10
        while len(refused) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        write_hello(file)

    store.produce("a", follow_meanwhile).close()
    for follower in followers:
        follower.join()
    assert len(refused) == 4


def _hang(folder: pathlib.Path, begun: str) -> None:
    def write(file: BinaryIO) -> None:
        file.write(b"half of it")
        file.flush()
        pathlib.Path(begun).touch()
        time.sleep(60)

    FileStore(folder, 1_000_000).produce("a", write)


@pytest.fixture
def killed(tmp_path: pathlib.Path) -> pathlib.Path:
    """The folder of a store whose producer was killed in the middle."""
    folder, begun = tmp_path / "store", tmp_path / "begun"
    process = FRESH.Process(target=_hang, args=(folder, str(begun)))
    process.start()
    while not begun.exists():
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    return folder


def test_what_a_killed_producer_left_is_never_found_and_is_taken_over(killed: pathlib.Path) -> None:
    store = FileStore(killed, 1_000_000)
    assert len(entry_files(killed)) == 1
    assert store.find("a") is None
    with store.produce("a", write_hello).open() as file:
        assert file.read() == b"hello"
    assert len(entry_files(killed)) == 1


def test_what_a_killed_producer_left_is_swept_away(killed: pathlib.Path) -> None:
    FileStore(killed, 1_000_000).sweep()
    assert entry_files(killed) == []


def test_what_is_being_written_is_not_swept_away(store: FileStore) -> None:
    def sweep_meanwhile(file: BinaryIO) -> None:
        store.sweep()
        write_hello(file)

    with store.produce("a", sweep_meanwhile).open() as file:
        assert file.read() == b"hello"
    assert store.get("a") == b"hello"


def test_a_full_disk_is_no_failure_of_the_page(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").touch()
    FileStore(tmp_path / "file" / "below", 1000).put("a", b"content")


def test_counts_of_several_processes_add_up(store: FileStore, tmp_path: pathlib.Path) -> None:
    store.put("a", b"content")
    store.get("a")
    store.get("b")
    other = FileStore(tmp_path, 1_000_000)
    other.get("a")
    other.usage()
    counts = store.usage().counts
    assert (counts.hits, counts.misses, counts.stored) == (2, 1, 1)


def test_a_stored_file_can_be_sent_by_its_descriptor(store: FileStore) -> None:
    with store.produce("a", write_hello).open(1) as file:
        assert os.lseek(file.fileno(), 0, os.SEEK_CUR) == os.fstat(file.fileno()).st_size - 4
    found = store.find("a")
    assert found is not None
    with found.open(1) as file:
        assert os.lseek(file.fileno(), 0, os.SEEK_CUR) == os.fstat(file.fileno()).st_size - 4
        assert file.read() == b"ello"


def test_what_is_being_written_counts(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 1_000, shards=1)
    store.put("old", b"x" * 300)

    def write_while_another_is_stored(file: BinaryIO) -> None:
        file.write(b"x" * 600)
        file.flush()
        assert store.usage().size > 900
        store.put("new", b"x" * 300)

    store.produce("large", write_while_another_is_stored).close()

    assert store.get("old") is None


def test_room_is_made_for_what_is_announced_before_it_is_written(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 1_000, shards=1)
    store.put("old", b"x" * 300)

    def look(file: BinaryIO) -> None:
        assert store.get("old") is None
        assert store.usage().size > 900
        file.write(b"x" * 500)

    stored = store.produce("large", look, expected=900)

    with stored.open() as content:
        assert (stored.size, content.read()) == (500, b"x" * 500)
    assert store.usage().size < 600


def test_what_is_announced_finds_no_room_beside_another(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 1_000, shards=1)

    def ask_for_another(_file: BinaryIO) -> None:
        with pytest.raises(OSError, match="takes all"):
            store.produce("another", never, expected=600)
        store.produce("small", write_hello, expected=5).close()

    store.produce("large", ask_for_another, expected=600).close()
    store.produce("another", write_hello, expected=600).close()
    store.produce("larger than the store", write_hello, expected=6_000).close()


def test_what_is_announced_leaves_room_on_the_disk(tmp_path: pathlib.Path) -> None:
    store = FileStore(tmp_path, 1 << 62, shards=1)

    with pytest.raises(OSError, match="disk"):
        store.produce("a", never, expected=shutil.disk_usage(tmp_path).free - (100 << 20))

    assert store.usage().size == 0
    assert list(tmp_path.rglob("*.new")) == []
