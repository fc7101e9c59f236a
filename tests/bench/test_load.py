"""How the load is judged: what a process holds, and whose fault a failure is."""

import pytest

from scripts.benchmarks.load import memory as module
from scripts.benchmarks.load.memory import Memory
from scripts.benchmarks.load.tally import Death, Failure, without_excuse

MB = 1 << 20


def test_what_is_needed_for_a_moment_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {1: [120, 185, 121], 2: [130, 131, 200]}
    memory = Memory()
    for look in range(3):
        monkeypatch.setattr(module, "anonymous_bytes_of", lambda worker, look=look: sizes[worker][look] * MB)
        memory.look([1, 2])
    assert (memory.held, memory.most) == (130, 200)
    memory.look([1])
    assert memory.held == 120


def test_what_is_not_given_back_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    for size in (120, *[190] * 10):
        monkeypatch.setattr(module, "anonymous_bytes_of", lambda _worker, size=size: size * MB)
        memory.look([1])
    assert memory.held == 190


@pytest.mark.parametrize(
    ("started", "ended", "excused"),
    [(9.0, 9.9, False), (9.0, 10.5, True), (10.5, 12.0, True), (11.04, 11.5, True), (11.1, 11.5, False)],
)
def test_a_death_excuses_what_was_on_its_way(started: float, ended: float, excused: bool) -> None:
    deaths = [Death("a main process", 10.0, 11.0, answered=True)]
    failure = Failure("page: gone", started, ended)
    assert without_excuse([failure, failure], deaths) == ([] if excused else [failure, failure])


def test_the_death_of_what_works_for_one_request_excuses_one() -> None:
    deaths = [Death("a process that answers", 1.0, 2.0, answered=True), Death("git", 10.0, 11.0, answered=False)]
    first, second = Failure("page: gone", 1.5, 10.5), Failure("clone: gone", 10.2, 10.8)
    assert without_excuse([first, second], deaths) == [second]


def test_a_failure_tells_how_long_after_a_death_it_began() -> None:
    deaths = [Death("git", 1.0, 2.0, answered=False), Death("main", 10.0, 11.0, answered=True)]
    assert Failure("page: gone", 11.25, 12.0).tell_after(deaths) == "0.25 s after the end of main: page: gone"
