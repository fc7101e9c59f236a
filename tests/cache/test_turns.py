"""Turns: one thread or process at a time, given back when it dies."""

import multiprocessing
import multiprocessing.synchronize
import pathlib
import threading
import time

from kallithea.cache.turns import take_turn
from tests.processes import FRESH


def test_the_second_waits_for_the_first(tmp_path: pathlib.Path) -> None:
    with (
        take_turn(tmp_path / "turns", "a", wait_seconds=0) as first,
        take_turn(tmp_path / "turns", "a", wait_seconds=0) as second,
    ):
        assert (first, second) == (True, False)
    with take_turn(tmp_path / "turns", "a", wait_seconds=0) as third:
        assert third


def test_who_waits_gets_the_turn_when_it_is_free(tmp_path: pathlib.Path) -> None:
    taken, freed, got = threading.Event(), threading.Event(), []

    def hold() -> None:
        with take_turn(tmp_path, "a", wait_seconds=0):
            taken.set()
            freed.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    threading.Timer(0.1, freed.set).start()
    with take_turn(tmp_path, "a", wait_seconds=30) as mine:
        got.append(mine)
    holder.join()
    assert got == [True]


def test_a_process_that_dies_gives_its_turn_back(tmp_path: pathlib.Path) -> None:
    taken = FRESH.Event()
    holder = FRESH.Process(target=_hold, args=(tmp_path, taken))
    holder.start()
    taken.wait(60)
    with take_turn(tmp_path, "a", wait_seconds=0) as mine:
        assert not mine
    holder.kill()
    holder.join()
    with take_turn(tmp_path, "a", wait_seconds=0) as mine:
        assert mine


def test_different_things_do_not_wait_for_each_other(tmp_path: pathlib.Path) -> None:
    with take_turn(tmp_path, "a", wait_seconds=0), take_turn(tmp_path, "b", wait_seconds=0) as other:
        assert other


def test_the_files_do_not_grow_in_number(tmp_path: pathlib.Path) -> None:
    for number in range(1000):
        with take_turn(tmp_path, str(number), wait_seconds=0):
            pass
    assert len(list(tmp_path.iterdir())) <= 256


def test_without_a_folder_everybody_has_the_turn(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").touch()
    with (
        take_turn(tmp_path / "file", "a", wait_seconds=0) as one,
        take_turn(tmp_path / "file", "a", wait_seconds=0) as two,
    ):
        assert (one, two) == (True, True)


def _hold(folder: pathlib.Path, taken: multiprocessing.synchronize.Event) -> None:
    with take_turn(folder, "a", wait_seconds=0):
        taken.set()
        time.sleep(600)
