"""Servers that are compared have their turns."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from scripts.benchmarks.measuring import Effort, LackError, Series, Visit, measure_in_turns
from scripts.benchmarks.sites import RunningSite


@pytest.fixture(scope="module")
def site() -> Iterator[RunningSite]:
    """A process that does nothing."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield RunningSite(0, (process.pid,))
        process.kill()


@dataclass
class Visited:
    """Names of those who were visited, in order."""

    site: RunningSite
    made: str = ""

    def series(self, name: str, effort: Effort, *, visits: int = 4, failing: int = 0) -> Series:
        """Visits that note a letter, of which one fails."""

        def visit() -> Visit:
            self.made += name
            if self.made.count(name) == failing:
                raise LackError("it lacks something")
            return Visit(0.001, 0.002)

        return Series(name, self.site, [visit] * visits, effort)


@pytest.fixture
def visited(site: RunningSite) -> Visited:
    return Visited(site)


def test_a_few_visits_of_each_follow_each_other_until_both_have_been_enough(visited: Visited) -> None:
    ours, peer = measure_in_turns(
        [visited.series("o", Effort(0, 1000), visits=8), visited.series("p", Effort(1000, 24), visits=8)]
    )
    assert visited.made == "ooooo" + "ppppp" + "ooo" + "ppppp" * 3 + "pppp"
    assert (ours.name, ours.requests) == ("o", 8)
    assert (peer.name, peer.requests) == ("p", 24)


def test_who_answers_badly_ends_and_the_others_go_on(visited: Visited) -> None:
    bad, good = measure_in_turns(
        [visited.series("b", Effort(1000, 20), failing=3), visited.series("g", Effort(1000, 20))]
    )
    assert (bad.lack, bad.requests) == ("it lacks something", 2)
    assert (good.lack, good.requests) == ("", 20)


@pytest.mark.parametrize("most", [1, 5, 6])
def test_no_more_visits_are_made_than_are_wanted(visited: Visited, most: int) -> None:
    (cell,) = measure_in_turns([visited.series("o", Effort(1000, most))])
    assert cell.requests == len(visited.made) == most
