"""What happened under load: what was asked, what failed and when, what was old, and what was pushed."""

import contextlib
import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scripts.benchmarks.measuring import LackError
from scripts.benchmarks.truth.commands import CommandError

# A process that is killed takes connections with it that a client opens in the same moment.
_MARGIN_SECONDS = 0.05
# In the address of a command that failed.
_CREDENTIALS = re.compile(r"//[^/@\s]+@")


@dataclass(frozen=True)
class Death:
    """From when to when something died that was killed, by the monotonic clock; ``what`` it was, in words.

    ``answered``: whether it was a process that answers, or the main process of those. Others work for one request.
    """

    what: str
    began: float
    ended: float
    answered: bool


@dataclass(frozen=True)
class Failure:
    """Something that was asked for and did not come; the times are those of the monotonic clock."""

    words: str
    started: float
    ended: float

    def find_cause(self, deaths: Sequence[Death]) -> Death | None:
        """The last of these during which it was on its way."""
        during = [one for one in deaths if self.started - _MARGIN_SECONDS <= one.ended and one.began <= self.ended]
        return during[-1] if during else None

    def tell_after(self, deaths: Sequence[Death]) -> str:
        """Its words, and the last death before it began."""
        before = [death for death in deaths if death.ended < self.started]
        if not before:
            return self.words
        last = before[-1]
        return f"{self.started - last.ended:.2f} s after the end of {last.what}: {self.words}"


def without_excuse(failures: Sequence[Failure], deaths: Sequence[Death]) -> list[Failure]:
    """Those that were not on their way when something was killed, or were not alone when that worked for one."""
    found, excused = list[Failure](), set[Death]()
    for failure in failures:
        cause = failure.find_cause(deaths)
        if cause is None or (not cause.answered and cause in excused):
            found.append(failure)
        else:
            excused.add(cause)
    return found


@dataclass
class Tally:
    """Counts for several threads. ``pushed`` has the commits that were accepted, for each repository and branch.

    ``moved`` has the commits to which an accepted push has moved a branch.
    """

    asked: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    pushed: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    in_flight: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def asking(self, what: str) -> Iterator[None]:
        """Count one thing that is asked for; what does not come is noted, and raised as LackError."""
        started = time.monotonic()
        with self._lock:
            self.asked[what] += 1
            self.in_flight += 1
        try:
            yield
        except (LackError, CommandError, OSError, http.client.HTTPException) as problem:
            words = f"{what}: {_CREDENTIALS.sub('//', str(problem)) or type(problem).__name__}"
            with self._lock:
                self.failures.append(Failure(words, started, time.monotonic()))
            raise LackError(words) from problem
        finally:
            with self._lock:
                self.in_flight -= 1

    def require_fresh(self, fresh: bool, words: str) -> None:
        """Note an answer that does not show what was told to be done before it was asked for."""
        if not fresh:
            with self._lock:
                self.stale.append(words)

    def accept(self, repository: str, branch: str, commits: Sequence[str]) -> None:
        """Note that a push of these commits was answered well."""
        with self._lock:
            self.pushed.setdefault((repository, branch), []).extend(commits)
            self.moved.append(commits[-1])
