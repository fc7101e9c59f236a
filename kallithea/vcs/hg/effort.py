"""What an answer may cost that this process works out itself, as the limits of a git process are for those of Git."""

import contextlib
from collections.abc import Callable, Iterator

from kallithea.vcs.deadline import Deadline
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot


@contextlib.contextmanager
def working(
    options: VcsOptions, seconds: float, *, light_seconds: float = 2.0, patience: float = 2.0
) -> Iterator[Callable[[], None]]:
    """Gives what is to be called between two pieces of the work.

    It raises LimitExceededError when the time is over. Once the work has taken ``light_seconds`` it takes a heavy slot,
    for which it waits ``patience`` seconds, and raises BusyError where there is none.
    """
    deadline, light = Deadline(seconds), Deadline(light_seconds)
    heavy = False
    with contextlib.ExitStack() as held:

        def check() -> None:
            nonlocal heavy
            deadline.check()
            if light.is_over and not heavy:
                heavy = True
                held.enter_context(take_slot(options, Weight.HEAVY, patience) or contextlib.nullcontext())

        yield check
