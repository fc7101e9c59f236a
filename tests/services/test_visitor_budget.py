"""What visitors may cost."""

import contextlib
import multiprocessing
import pathlib
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kallithea.services.visitor_budget import VisitorBudget

ADA, BOB = "192.0.2.1", "192.0.2.2"
FORK = multiprocessing.get_context("fork")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(tmp_path: pathlib.Path, clock: Clock) -> Iterator[VisitorBudget]:
    with contextlib.closing(VisitorBudget(tmp_path / "visitors", 60, clock)) as budget:
        yield budget


def test_a_visitor_may_spend_what_a_minute_gives(budget: VisitorBudget) -> None:
    assert [budget.charge(ADA, 20) for _ in range(3)] == [0, 0, 0]
    assert budget.charge(ADA, 20) == 20


def test_its_file_has_all_its_room_from_the_start(budget: VisitorBudget, tmp_path: pathlib.Path) -> None:
    """Else a disk that is full later would end the process that writes there."""
    budget.charge(ADA, 1)
    stored = (tmp_path / "visitors").stat()
    assert stored.st_blocks * 512 >= stored.st_size > 0


def test_who_waits_as_long_as_said_is_served(budget: VisitorBudget, clock: Clock) -> None:
    while (seconds := budget.charge(ADA, 20)) == 0:
        pass
    clock.now += seconds
    assert budget.charge(ADA, 20) == 0


def test_a_refusal_costs_nothing(budget: VisitorBudget, clock: Clock) -> None:
    budget.charge(ADA, 60)
    for _ in range(100):
        budget.charge(ADA, 20)
    clock.now += 20
    assert budget.charge(ADA, 20) == 0


def test_a_machine_that_was_started_anew_lets_nobody_wait_for_what_was_before(
    budget: VisitorBudget, clock: Clock
) -> None:
    budget.charge(ADA, 60)
    clock.now = 20.0
    assert [budget.charge(ADA, 20) for _ in range(3)] == [0, 0, 0]
    assert budget.charge(ADA, 20) == 20


def test_goes_by_the_clock_that_nobody_sets(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "visitors"
    with contextlib.closing(VisitorBudget(path, 60)) as budget:
        budget.charge(ADA, 60)
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    with contextlib.closing(VisitorBudget(path, 60, lambda: now)) as budget:
        assert budget.charge(ADA, 60) > 55


def test_networks_have_accounts_of_their_own(budget: VisitorBudget) -> None:
    budget.charge(ADA, 60)
    assert budget.charge(BOB, 60) == 0


def test_addresses_of_one_subscriber_share_an_account(budget: VisitorBudget) -> None:
    budget.charge("2001:db8::1", 60)
    assert budget.charge("2001:db8::2", 60) > 0
    assert budget.charge("2001:db8:0:1::1", 60) == 0


def test_without_a_limit_nothing_is_counted(tmp_path: pathlib.Path) -> None:
    budget = VisitorBudget(tmp_path / "visitors", 0)
    assert {budget.charge(ADA, 1000) for _ in range(100)} == {0}
    assert not (tmp_path / "visitors").exists()


def test_a_page_dearer_than_the_account_is_served_from_a_full_one(budget: VisitorBudget) -> None:
    assert budget.charge(ADA, 1000) == 0
    assert budget.charge(ADA, 1) == 1


def test_a_file_that_cannot_be_used_refuses_nobody(tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").touch()
    assert VisitorBudget(tmp_path / "file" / "below", 1).charge(ADA, 1) == 0


def _spend(budget: VisitorBudget, answers: "multiprocessing.Queue[int]") -> None:
    answers.put(sum(budget.charge(ADA, 1) == 0 for _ in range(60)))


def test_processes_of_a_machine_share_the_accounts(budget: VisitorBudget) -> None:
    answers: multiprocessing.Queue[int] = FORK.Queue()
    budget.charge(BOB, 1)
    processes = [FORK.Process(target=_spend, args=(budget, answers)) for _ in range(3)]
    for process in processes:
        process.start()
    served = sum(answers.get(timeout=30) for _ in processes)
    for process in processes:
        process.join(30)
    assert served == 60


def test_what_is_closed_has_no_file_open_and_counts_on(tmp_path: pathlib.Path) -> None:
    before = len(list(pathlib.Path("/proc/self/fd").iterdir()))
    budget = VisitorBudget(tmp_path / "visitors", 60)
    for _ in range(2):
        assert budget.charge(ADA, 30) == 0
        budget.close()
    assert len(list(pathlib.Path("/proc/self/fd").iterdir())) == before
    with contextlib.closing(budget):
        assert budget.charge(ADA, 30) > 0


@given(addresses=st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=200, unique=True))
def test_the_file_does_not_grow_with_visitors(tmp_path_factory: pytest.TempPathFactory, addresses: list[str]) -> None:
    path = tmp_path_factory.mktemp("budget") / "visitors"
    with contextlib.closing(VisitorBudget(path, 10)) as budget:
        for address in addresses:
            assert budget.charge(address, 10) == 0
    assert path.stat().st_size == 4096 * 24
