"""How the steps of an upkeep are done, whatever they are."""

from collections.abc import Callable

import pytest

from kallithea.vcs.types import BusyError, LimitExceededError, VcsError
from kallithea.vcs.upkeep import Outcome, Step, UpkeepOrder, do_steps, needs_any

ORDER = UpkeepOrder(seconds=60, abandoned_after=1)


def step(
    name: str = "step",
    *,
    needed: bool = True,
    heavy: bool = False,
    work: Callable[[float], str] = lambda _: "did it",
) -> Step:
    return Step(name, lambda: needed, work, heavy)


def failing(problem: Exception) -> Callable[[float], str]:
    def work(_seconds: float) -> str:
        raise problem

    return work


def test_only_what_is_needed_is_done() -> None:
    report = do_steps([step("a", needed=False), step("b")], ORDER)
    assert [(one.name, one.outcome, one.words) for one in report.steps] == [
        ("a", Outcome.NOT_NEEDED, ""),
        ("b", Outcome.DONE, "did it"),
    ]
    assert not report.left


def test_heavy_steps_are_left_unless_they_are_allowed() -> None:
    steps = [step(heavy=True), step(heavy=True, needed=False)]
    report = do_steps(steps, ORDER)
    assert [one.outcome for one in report.steps] == [Outcome.LEFT, Outcome.NOT_NEEDED]
    assert report.left
    assert do_steps(steps, UpkeepOrder(60, 1, heavy=True)).steps[0].outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("problem", "outcome", "words"),
    [
        (VcsError("Object 12 is missing."), Outcome.FAILED, "Object 12 is missing."),
        (
            OSError(13, "Permission denied", "/srv/secret"),
            Outcome.FAILED,
            "The files cannot be used: Permission denied.",
        ),
        (BusyError("Busy."), Outcome.LEFT, "Busy."),
        (LimitExceededError("Too slow."), Outcome.LEFT, "Too slow."),
    ],
)
def test_a_step_that_fails_says_why_and_keeps_none_from_being_done(
    problem: Exception, outcome: Outcome, words: str
) -> None:
    first, second = do_steps([step(work=failing(problem)), step()], ORDER).steps
    assert (first.outcome, first.words) == (outcome, words)
    assert second.outcome is Outcome.DONE


def test_no_step_begins_after_the_time() -> None:
    (report,) = do_steps([step()], UpkeepOrder(0, 1)).steps
    assert (report.outcome, report.words) == (Outcome.LEFT, "the time for this run is over")


def test_each_step_is_told_the_time_that_is_left() -> None:
    left: list[float] = []

    def work(seconds: float) -> str:
        left.append(seconds)
        return ""

    do_steps([step(work=work), step(work=work)], ORDER)
    assert 60 >= left[0] >= left[1] > 59


def test_one_needed_step_is_enough_for_a_run() -> None:
    assert needs_any([step(needed=False), step(heavy=True)])
    assert not needs_any([step(needed=False)])
    assert not needs_any([])
