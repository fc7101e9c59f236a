"""How many commits repositories got lately: counted after refs have moved, told to lists without opening one."""

import datetime
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.model.repository_activity import RepositoryActivity
from kallithea.model.upsert import insert_or_change
from kallithea.vcs.backend import Repository

#: Weeks that lists show, of which the last is the present one.
WEEKS = 12

_WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class CountedWeeks:
    """Commits up to one of them in ``WEEKS`` weeks, the oldest first. The last week begins on ``monday`` in UTC."""

    commit_id: str
    monday: datetime.date
    weeks: tuple[int, ...]


class RepositoryActivities:
    """Keeps what was counted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find_commit_id(self, repository_id: int) -> str | None:
        """Up to which commit was counted, None where nothing was."""
        row = self._session.get(RepositoryActivity, repository_id)
        return row.commit_id if row is not None else None

    def ensure(self, repository_id: int, counted: CountedWeeks) -> None:
        """Keep what was counted, instead of what was before."""
        kept = {"commit_id": counted.commit_id, "monday": counted.monday, "weeks": " ".join(map(str, counted.weeks))}
        values = {"repository_id": repository_id, **kept}
        dialect = self._session.get_bind().dialect.name
        changes = list(kept.items())
        self._session.execute(insert_or_change(dialect, RepositoryActivity, values, "repository_id", changes))


def count_weeks(repository: Repository, commit_id: str, now: datetime.datetime) -> CountedWeeks:
    """Count the commits up to one of them. Raises RevisionNotFoundError, LimitExceededError."""
    monday = monday_of(now)
    end = datetime.datetime.combine(monday, datetime.time(), datetime.UTC) + _WEEK
    return CountedWeeks(commit_id, monday, repository.activity(commit_id, end, weeks=WEEKS))


def recent_weeks(monday: datetime.date | None, weeks: str | None, now: datetime.datetime) -> tuple[int, ...]:
    """Commits in each of the last ``WEEKS``, from what the table says; since it was counted nothing came.

    Empty where the table says nothing.
    """
    if monday is None or weeks is None:
        return ()
    counts = [int(count) for count in weeks.split()]
    passed = max((monday_of(now) - monday) // _WEEK, 0)
    return tuple([*counts, *[0] * min(passed, WEEKS)][-WEEKS:])


def monday_of(now: datetime.datetime) -> datetime.date:
    """The Monday in UTC with which the week of this moment begins."""
    day = now.astimezone(datetime.UTC).date()
    return day - datetime.timedelta(day.weekday())
