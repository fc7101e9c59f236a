"""Counting commits by person and by week, in one pass over a history."""

import datetime
from collections import Counter
from collections.abc import Iterable

from kallithea.vcs.history import Contributor, Contributors
from kallithea.vcs.signature import moment

#: Seconds.
WEEK = 7 * 24 * 3600


class Tally:
    """How many commits each person made, and when. A person is a name with a mail address."""

    def __init__(self) -> None:
        self._commits: Counter[bytes] = Counter()
        self._first: dict[bytes, int] = {}
        self._last: dict[bytes, int] = {}

    def add(self, person: bytes, seconds: int) -> None:
        """Count a commit: ``person`` is name and mail address with a NUL between; ``seconds`` since 1970."""
        self._commits[person] += 1
        if seconds < self._first.setdefault(person, seconds):
            self._first[person] = seconds
        if seconds > self._last.setdefault(person, seconds):
            self._last[person] = seconds

    def contributors(self, limit: int) -> Contributors:
        """Those with the most commits; of equals, the first by name and mail address."""
        order = sorted(self._commits, key=lambda person: (-self._commits[person], person))
        return Contributors(tuple(self._contributor(person) for person in order[:limit]), len(order))

    def _contributor(self, person: bytes) -> Contributor:
        name, _, email = person.partition(b"\0")
        first, last = moment(self._first[person], 0), moment(self._last[person], 0)
        return Contributor(name, email, self._commits[person], first, last)


def count_weeks(times: Iterable[int], until: datetime.datetime, weeks: int) -> tuple[int, ...]:
    """How many of the times, in seconds since 1970, lie in each of the weeks before ``until``, the oldest first.

    A week is seven days of 24 hours. It begins with its first moment and ends before the first of the next; the last
    one ends before ``until``.
    """
    start = until.timestamp() - weeks * WEEK
    found = Counter(int((seconds - start) // WEEK) for seconds in times)
    return tuple(found[week] for week in range(weeks))
