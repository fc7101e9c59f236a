"""Sums that processes add up in one file."""

import fcntl
import json
import multiprocessing
import pathlib
import threading
import time
from collections.abc import Callable

from kallithea.cache.tallies import Tallies


def test_processes_add_up_what_they_write(tmp_path: pathlib.Path) -> None:
    first, second = (Tallies(tmp_path / "sums.json") for _ in range(2))
    first.add({"a": 1})
    first.close()
    second.add({"a": 2, "b": 1})
    assert second.read() == {"a": 3, "b": 1}


def test_who_reads_while_others_write_sees_whole_sums(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "sums.json"
    sums, ended = Tallies(path), threading.Event()
    sums.add({f"name {number}": 1 for number in range(2000)})
    sums.close()

    def write() -> None:
        while not ended.is_set():
            sums.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert all(len(json.loads(path.read_bytes())) == 2000 for _ in range(200))
    finally:
        ended.set()
        writer.join()


def test_sums_that_cannot_be_written_stay_as_they_were(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "sums.json"
    sums = Tallies(path)
    sums.add({"a": 1})
    sums.close()
    # where the new file would lie
    (tmp_path / "sums.new").mkdir()
    sums.add({"a": 1})
    sums.close()
    assert json.loads(path.read_bytes()) == {"a": 1}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_who_is_idle_has_told_everything(tmp_path: pathlib.Path) -> None:
    idle, other = (Tallies(tmp_path / "sums.json") for _ in range(2))
    idle.add({"a": 1})
    _wait_for(lambda: other.read() == {"a": 1})
    idle.add({"a": 1})
    _wait_for(lambda: other.read() == {"a": 2})


def test_adding_does_not_wait_for_those_who_write(tmp_path: pathlib.Path) -> None:
    sums = Tallies(tmp_path / "sums.json")
    sums.add({"a": 1})
    writer = threading.Thread(target=sums.close, daemon=True)
    with (tmp_path / "sums.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writer.start()
        _wait_for(sums._writing.locked)
        sums.add({"a": 1})
        # it gives up, since the lock may be that of a process that was stopped
        writer.join(30)
        assert not writer.is_alive()
    assert sums.read() == {"a": 2}


def _add_and_end(sums: Tallies) -> None:
    begin = threading.Barrier(8)

    def add() -> None:
        begin.wait()
        sums.add({"a": 1})

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sums.close()


def test_what_the_parent_has_added_is_not_added_again_by_its_children(tmp_path: pathlib.Path) -> None:
    sums, forked = Tallies(tmp_path / "sums.json"), multiprocessing.get_context("fork")
    sums.add({"a": 100})
    children = [forked.Process(target=_add_and_end, args=(sums,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert Tallies(tmp_path / "sums.json").read() == {"a": 24}
    assert sums.read() == {"a": 124}
