"""What a repository needs from time to time, whatever its kind: steps that are done when they are needed."""

import enum
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kallithea.vcs.deadline import Deadline
from kallithea.vcs.types import BusyError, LimitExceededError, VcsError

#: What holds a ref, a configuration or an index of packs only while it is renamed is abandoned when it is that old.
BRIEF_SECONDS = 3600.0
TIME_IS_OVER = "the time for this run is over"


class Outcome(enum.StrEnum):
    """What became of a step."""

    DONE = "done"
    NOT_NEEDED = "not needed"
    LEFT = "left for later"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UpkeepOrder:
    """What may be done for one repository.

    ``seconds`` is the time for all steps together. ``heavy`` allows those that go through the whole repository.
    ``abandoned_after`` is the age in seconds from which on a file cannot belong to a push any more, because none lasts
    that long; ``pushing`` says that a push may be under way. ``prune`` allows to delete objects that no ref has led to
    for two weeks.
    """

    seconds: float
    abandoned_after: float
    heavy: bool = False
    pushing: bool = False
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done. ``need`` is a cheap look at names and states of files.

    ``work`` takes the seconds that are left, which bound all that it does and waits for, and returns what was done, in
    words. It can be interrupted at any time: the next run does what is missing then. Both raise VcsError and OSError.
    """

    name: str
    need: Callable[[], bool]
    work: Callable[[float], str]
    heavy: bool = False


class StepTime(Deadline):
    """What is left of the time for one step, whatever it is spent on."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds, TIME_IS_OVER)


@dataclass(frozen=True, slots=True)
class StepReport:
    """What became of a step, with words of what was done or why not, and how many seconds it took."""

    name: str
    outcome: Outcome
    words: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class UpkeepReport:
    """What became of all steps."""

    steps: tuple[StepReport, ...]

    @property
    def left(self) -> bool:
        """Whether there is something that was left for later."""
        return any(step.outcome is Outcome.LEFT for step in self.steps)


def needs_any(steps: Sequence[Step]) -> bool:
    """Whether one of the steps is needed. Raises VcsError, OSError."""
    return any(step.need() for step in steps)


def do_steps(steps: Sequence[Step], order: UpkeepOrder, *, check: Callable[[], None] = lambda: None) -> UpkeepReport:
    """Do what is needed and allowed, one step after the other; one that fails keeps none from being done.

    ``check`` is called before each that is done, and may raise.
    """
    deadline = time.monotonic() + order.seconds
    return UpkeepReport(tuple(_do(step, order, deadline, check) for step in steps))


def _do(step: Step, order: UpkeepOrder, deadline: float, check: Callable[[], None]) -> StepReport:
    started = time.monotonic()
    outcome = Outcome.DONE
    try:
        if not step.need():
            return StepReport(step.name, Outcome.NOT_NEEDED)
        if step.heavy and not order.heavy:
            return StepReport(step.name, Outcome.LEFT, "it goes through the whole repository")
        if started >= deadline:
            return StepReport(step.name, Outcome.LEFT, TIME_IS_OVER)
        check()
        words = step.work(deadline - started)
    except (BusyError, LimitExceededError) as problem:
        outcome, words = Outcome.LEFT, str(problem)
    except VcsError as problem:
        outcome, words = Outcome.FAILED, str(problem)
    except OSError as problem:
        outcome, words = Outcome.FAILED, f"The files cannot be used: {problem.strerror}."
    return StepReport(step.name, outcome, words, time.monotonic() - started)
