"""How much happened on a site in the last weeks, for its administrators."""

import datetime
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import Session

from kallithea.core.words import _
from kallithea.model.site_activity import DayTuple, jobs_by_day, pushes_by_day, sign_ins_by_day

#: As many days are looked at, with today.
DAYS = 30


@dataclass(frozen=True, slots=True)
class Series:
    """What was counted: a number for each of the ``DAYS``, the oldest first; days begin at midnight in UTC."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All days together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class SiteActivity:
    """The days, and what was counted on them."""

    days: tuple[datetime.date, ...]
    series: tuple[Series, ...]


def count_site_activity(session: Session, now: datetime.datetime) -> SiteActivity:
    """Pushes, sign-ins and finished jobs of each day, with one statement for each."""
    today = now.astimezone(datetime.UTC).date()
    days = tuple(today - datetime.timedelta(days=back) for back in reversed(range(DAYS)))
    since = datetime.datetime.combine(days[0], datetime.time(), datetime.UTC)

    def count(name: str, statement: Select[*DayTuple]) -> Series:
        # a date on two engines, its text on the third
        found = {str(day): count for day, count in session.execute(statement)}
        return Series(name, tuple(found.get(day.isoformat(), 0) for day in days))

    return SiteActivity(
        days,
        (
            count(_("Pushes"), pushes_by_day(since)),
            count(_("Sign-ins"), sign_ins_by_day(since)),
            count(_("Finished jobs"), jobs_by_day(since)),
        ),
    )
