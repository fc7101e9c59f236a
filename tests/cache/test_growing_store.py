"""Files that are read while they are written, by several processes."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from unittest.mock import Mock

import pytest

from kallithea.cache.growing_room import Room
from kallithea.cache.growing_store import GrowingStore, LostError, Production, Reader
from tests.faults.volumes import mounted

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What file systems give away.
BLOCK = 4096


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    return tmp_path / "packs"


@pytest.fixture
def store(folder: pathlib.Path) -> GrowingStore:
    return GrowingStore(folder, 10 * BLOCK, 3600)


def begin(store: GrowingStore, key: str = "k") -> tuple[Reader, Production]:
    reader, production = store.open(key)
    assert production is not None
    return reader, production


def read_all(reader: Reader) -> bytes:
    parts = []
    while data := reader.read(7):
        parts.append(data)
    reader.close()
    return b"".join(parts)


def make(store: GrowingStore, key: str, content: bytes) -> None:
    reader, production = begin(store, key)
    os.write(production.fileno(), content)
    production.finish()
    reader.close()


def names(folder: pathlib.Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


def test_first_caller_makes_it_and_the_next_gets_it_whole(store: GrowingStore, folder: pathlib.Path) -> None:
    make(store, "k", b"content")
    reader, production = store.open("k")
    assert (production, reader.size, read_all(reader)) == (None, 7, b"content")
    assert names(folder) == [""]


def test_others_read_along_while_it_is_written(store: GrowingStore, folder: pathlib.Path) -> None:
    own, production = begin(store)
    os.write(production.fileno(), b"first ")
    followers = [GrowingStore(folder, 10 * BLOCK, 3600).open("k") for _number in range(3)]
    assert [made for _reader, made in followers] == [None] * 3
    assert [reader.read(99) for reader, _made in followers] == [b"first "] * 3
    assert own.size is None
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda one=reader: results.append(read_all(one))) for reader, _ in followers]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    os.write(production.fileno(), b"second")
    production.finish()
    for thread in threads:
        thread.join(10)
    assert results == [b"second"] * 3
    assert read_all(own) == b"first second"


def test_what_was_given_up_is_lost_for_those_who_read_and_made_anew_for_others(store: GrowingStore) -> None:
    own, production = begin(store)
    follower, _made = store.open("k")
    os.write(production.fileno(), b"part")
    production.give_up()
    for reader in (own, follower):
        assert reader.read(99) == b"part"
        with pytest.raises(LostError):
            reader.read(99)
        reader.close()
    make(store, "k", b"whole")


DYING = """
import os, sys, time
from kallithea.cache.growing_store import GrowingStore
reader, production = GrowingStore(__import__("pathlib").Path(sys.argv[1]), 1000, 3600).open("k")
os.write(production.fileno(), b"part")
print("begun", flush=True)
time.sleep(60)
"""


def test_killed_producer_leaves_nothing_that_is_served(store: GrowingStore, folder: pathlib.Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", DYING, folder], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    follower, made = store.open("k")
    assert (made, follower.read(99)) == (None, b"part")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with pytest.raises(LostError):
        follower.read(99)
    with pytest.raises(LostError):
        _size = follower.size
    follower.close()
    make(store, "k", b"whole")
    assert read_all(store.open("k")[0]) == b"whole"


def test_child_that_writes_keeps_it_growing_when_the_producer_is_gone(store: GrowingStore) -> None:
    own, production = begin(store)
    child = subprocess.Popen(["sleep", "0.3"], stdout=production.fileno())
    follower, _made = store.open("k")
    os.close(production.fileno())
    assert follower.size is None
    child.wait()
    with pytest.raises(LostError):
        follower.read(1)
    own.close()
    follower.close()


def test_producer_sees_whether_anybody_reads(store: GrowingStore) -> None:
    own, production = begin(store)
    assert production.is_wanted()
    follower, _made = store.open("k")
    own.close()
    assert production.is_wanted()
    follower.close()
    assert not production.is_wanted()
    # nobody can come to it any more
    reader, other = begin(store)
    production.give_up()
    os.write(other.fileno(), b"x")
    other.finish()
    assert read_all(reader) == b"x"


def test_producer_whom_nobody_reads_at_the_moment_is_found_by_the_next(
    store: GrowingStore, folder: pathlib.Path
) -> None:
    own, production = begin(store)
    own.close()
    for path in folder.iterdir():
        os.utime(path, (time.time() - 100, time.time() - 100))
    # what nobody uses is removed
    make(store, "other", b"x")
    follower, made = store.open("k")
    assert (made, production.is_wanted()) == (None, True)
    follower.close()
    assert not production.is_wanted()
    production.give_up()


def test_producer_whose_files_are_gone_is_not_wanted(store: GrowingStore, folder: pathlib.Path) -> None:
    own, production = begin(store)
    for path in folder.iterdir():
        path.unlink()
    assert not production.is_wanted()
    production.give_up()
    own.close()


def test_those_not_used_for_longest_go_first(store: GrowingStore, folder: pathlib.Path) -> None:
    for number, key in enumerate("ab"):
        make(store, key, key.encode() * 4 * BLOCK)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_ctime_ns)
        os.utime(newest, (time.time() - 5000 + number, time.time()))
    read_all(store.open("a")[0])
    make(store, "c", b"c" * 4 * BLOCK)
    assert {key for key in "abc" if store.open(key)[1] is None} == {"a", "c"}


def test_old_ones_are_made_anew(folder: pathlib.Path) -> None:
    store = GrowingStore(folder, 10 * BLOCK, 0)
    make(store, "k", b"1")
    time.sleep(0.01)
    make(store, "k", b"2")


def test_what_is_older_than_the_machine_is_up_is_made_anew(store: GrowingStore, folder: pathlib.Path) -> None:
    """It may have been cut when the machine went down."""
    make(store, "k", b"1")
    (path,) = folder.iterdir()
    boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    os.utime(path, (boot - 1, boot - 1))
    make(GrowingStore(folder, 10 * BLOCK, 10 * 365 * 86400), "k", b"2")


def test_many_at_once_make_it_once(store: GrowingStore) -> None:
    made: list[Production] = []
    read: list[bytes] = []

    def ask() -> None:
        reader, production = store.open("k")
        if production is not None:
            made.append(production)
            os.write(production.fileno(), b"content")
            production.finish()
        read.append(read_all(reader))

    threads = [threading.Thread(target=ask) for _number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(made), read) == (1, [b"content"] * 30)


def test_what_is_being_written_counts(store: GrowingStore) -> None:
    make(store, "a", b"a" * 5 * BLOCK)
    _reader, production = begin(store, "b")
    os.write(production.fileno(), b"b" * 6 * BLOCK)
    make(store, "c", b"c")
    assert {key for key in "ac" if store.open(key)[1] is None} == {"c"}
    os.write(production.fileno(), b"b" * 6 * BLOCK)
    make(store, "c2", b"c")
    with pytest.raises(OSError, match="full"):
        store.open("d")
    production.finish()
    # It was larger than all of the store.
    assert store.usage().size == 0
    make(store, "d", b"d")


def test_what_is_expected_counts_in_every_process(store: GrowingStore, folder: pathlib.Path) -> None:
    reader, production = store.open("a", 6 * BLOCK)
    assert production is not None
    for other in (store, GrowingStore(folder, 10 * BLOCK, 3600)):
        with pytest.raises(OSError, match="full"):
            other.open("b", 6 * BLOCK)
    os.write(production.fileno(), b"a" * BLOCK)
    production.finish()
    reader.close()
    assert store.usage().size == BLOCK
    assert store.open("b", 6 * BLOCK)[1] is not None


def test_what_is_put_aside_counts(store: GrowingStore, folder: pathlib.Path) -> None:
    make(store, "old", b"1" * 5 * BLOCK)
    reader, production = begin(store)
    with production.spool() as spool:
        spool.write(b"1" * 6 * BLOCK)
        spool.flush()
        other = GrowingStore(folder, 10 * BLOCK, 3600)
        with pytest.raises(OSError, match="full"):
            other.open("b", 5 * BLOCK)
        assert not other.has("old")
    production.give_up()
    reader.close()
    assert names(folder) == []


def test_of_two_that_are_begun_at_one_moment_one_has_the_room(
    store: GrowingStore, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[OSError] = []

    def begin_another() -> None:
        try:
            GrowingStore(folder, 10 * BLOCK, 3600).open("b", 6 * BLOCK)
        except OSError as problem:
            refused.append(problem)

    thread = threading.Thread(target=begin_another)
    require = Room.require

    def require_slowly(room: Room, expected: int) -> None:
        require(room, expected)
        if not thread.ident:
            thread.start()
            time.sleep(0.3)

    monkeypatch.setattr(Room, "require", require_slowly)
    assert store.open("a", 6 * BLOCK)[1] is not None
    thread.join()
    assert len(refused) == 1


def test_files_take_whole_blocks(store: GrowingStore) -> None:
    for number in range(30):
        make(store, str(number), b"1")
    assert store.usage().size == 10 * BLOCK


def test_small_ones_are_few_and_drive_out_no_large_one(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kallithea.cache.growing_room._MOST_FILES", 5)
    store = GrowingStore(folder, 1 << 20, 3600)
    make(store, "large", b"1" * (1 << 17))
    for number in range(30):
        make(store, str(number), b"1")
    assert store.open("large")[1] is None
    assert store.usage().entries <= 5 + (1 << 20) // 16 // BLOCK


def test_small_ones_go_when_nobody_has_asked_for_a_while(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = GrowingStore(folder, 1 << 20, 3600)
    for key, content in (("old", b"1"), ("used", b"1"), ("large", b"1" * (1 << 17))):
        make(store, key, content)
    now = time.time() + 700
    monkeypatch.setattr(time, "time", lambda: now)
    store.open("used")[0].close()
    make(store, "larger", b"1" * (1 << 17))
    assert [key for key in ("old", "used", "large") if store.has(key)] == ["used", "large"]


def test_folder_is_listed_seldom(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        scan = Mock(wraps=os.scandir)
        patch.setattr(os, "scandir", scan)
        store = GrowingStore(folder, 1 << 30, 3600)
        for number in range(50):
            make(store, str(number), b"1")
    assert scan.call_count == 1


def test_largest_gives_way_before_the_disk_is_full(tmp_path: pathlib.Path) -> None:
    with mounted(tmp_path / "disk", 40):
        store = GrowingStore(tmp_path / "disk/packs", 1 << 30, 3600)
        make(store, "whole", b"1" * (10 << 20))
        (small_reader, small), (large_reader, large) = begin(store, "small"), begin(store, "large")
        os.write(small.fileno(), b"1" * (12 << 20))
        os.write(large.fileno(), b"1" * (15 << 20))
        later = GrowingStore(tmp_path / "disk/packs", 1 << 30, 3600)
        assert (small.is_wanted(), store.has("whole")) == (True, True)
        os.write(large.fileno(), b"1" * (2 << 20))
        assert (later._room.is_left_for(small.fileno()), store.has("whole")) == (True, False)
        os.write(large.fileno(), b"1" * (10 << 20))
        with pytest.raises(OSError, match="full"):
            later.open("next")
        time.sleep(1)
        assert (small.is_wanted(), large.is_wanted()) == (True, False)
        large.give_up()
        with pytest.raises(LostError):
            large_reader.read(1)
        assert later.open("next")[1] is not None
        small.finish()
        assert small_reader.size == 12 << 20


def test_what_is_too_large_for_the_disk_is_not_begun(tmp_path: pathlib.Path) -> None:
    with mounted(tmp_path / "disk", 40):
        store = GrowingStore(tmp_path / "disk/packs", 100 << 20, 3600)
        assert store.open("a", 30 << 20)[1] is not None
        with pytest.raises(OSError, match="full"):
            store.open("b", 20 << 20)


def test_what_others_have_put_there_stays_and_harms_nobody(store: GrowingStore, folder: pathlib.Path) -> None:
    (folder / "lost+found").mkdir(parents=True)
    (folder / ("0" * 40)).mkdir()
    (folder / "README").write_text("")
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    make(store, "k", b"content")
    store.clear()
    assert sorted(path.name for path in folder.iterdir()) == ["0" * 40, "README", "lost+found"]


def test_store_that_cannot_be_used_says_so_once(tmp_path: pathlib.Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    store = GrowingStore(tmp_path / "file/packs", 1000, 3600)
    for _time in range(3):
        with pytest.raises(NotADirectoryError):
            store.open("k")
    assert not store.has("k")
    (record,) = caplog.records
    assert record.getMessage() == f"What clients are sent is not kept in {tmp_path}/file/packs: Not a directory"


def test_name_outlives_the_file_for_a_minute(
    store: GrowingStore, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(store, "a", b"a" * 9 * BLOCK)
    reader = store.open("a")[0]
    name = reader.find_name()
    assert name is not None
    assert (reader.find_name(), names(folder)) == (name, ["", ".sent"])
    make(store, "b", b"b" * 9 * BLOCK)
    assert store.open("a")[1] is not None
    assert (name.read_bytes(), reader.find_name()) == (b"a" * 9 * BLOCK, name)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 180)
    make(store, "c", b"c")
    assert not name.exists()
    assert (reader.read(99), reader.find_name()) == (b"a" * 99, None)
