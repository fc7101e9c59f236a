"""Slots that several processes share, and the queue for them."""

import pathlib
import signal
import subprocess
import sys

import pytest

from kallithea.cache.slots import Claim, Slots

ROOT = pathlib.Path(__file__).resolve().parents[2]
ONE, TWO = Claim("machine", "", 1), Claim("machine", "", 2)
ADA = Claim("user", "ada", 1)


@pytest.fixture
def slots(tmp_path: pathlib.Path) -> Slots:
    return Slots(tmp_path / "slots")


def test_no_more_are_taken_than_there_are(slots: Slots) -> None:
    first, second = slots.try_to_take([TWO]), slots.try_to_take([TWO])
    assert first is not None
    assert second is not None
    assert slots.try_to_take([TWO]) is None
    first.close()
    assert slots.try_to_take([TWO]) is not None


def test_who_cannot_have_all_takes_nothing(slots: Slots) -> None:
    taken = slots.try_to_take([ONE])
    assert slots.try_to_take([ADA, ONE]) is None
    assert slots.try_to_take([ADA]) is not None
    assert taken is not None
    assert len(taken.files) == 1


def test_those_who_wait_are_counted_in_order(slots: Slots) -> None:
    taken = slots.try_to_take([ONE])
    assert taken is not None
    with slots.queue([ONE], "a") as first, slots.queue([ONE], "b") as second:
        assert [slots.waiting_before(topic) for topic in ("a", "b", "c")] == [0, 1, None]
        assert (first.look()[1], second.look()[1]) == (0, 1)
        taken.close()
        assert first.look()[0] is not None
    assert slots.waiting_before("b") is None


def test_slot_and_place_of_a_killed_process_are_free(slots: Slots, tmp_path: pathlib.Path) -> None:
    program = f"""
import pathlib, time
from kallithea.cache.slots import Claim, Slots
slots = Slots(pathlib.Path({str(tmp_path / "slots")!r}))
taken = slots.try_to_take([Claim("machine", "", 1)])
with slots.queue([Claim("machine", "", 1)], "a"):
    print(flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert (slots.try_to_take([ONE]), slots.waiting_before("a")) == (None, 0)
        process.send_signal(signal.SIGKILL)
    assert slots.try_to_take([ONE]) is not None
    assert slots.waiting_before("a") is None
    assert list((tmp_path / "slots/queue").iterdir()) == []


def test_names_share_no_slots(slots: Slots) -> None:
    taken = [slots.try_to_take([Claim("user", str(number), 1)]) for number in range(600)]
    assert None not in taken
    assert slots.try_to_take([Claim("user", "7", 1)]) is None


def test_files_of_slots_that_nobody_has_are_removed(slots: Slots, tmp_path: pathlib.Path) -> None:
    kept = slots.try_to_take([ADA])
    for number in range(2000):
        taken = slots.try_to_take([Claim("user", str(number), 1)])
        assert taken is not None
        taken.close()
    assert kept is not None
    assert len(list((tmp_path / "slots").iterdir())) < 600
    assert slots.try_to_take([ADA]) is None
    slots.sweep()
    assert len(list((tmp_path / "slots").iterdir())) == 2
    kept.close()
    assert slots.try_to_take([ADA]) is not None
