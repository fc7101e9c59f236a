"""Commits by week: of the last weeks, of a year that the visitor chose, or of the newest one that has any."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.words import Text, _
from kallithea.render.spark_svg import draw_spark
from kallithea.services.commit_counts import FIRST_MONDAY
from kallithea.services.repository_activity import monday_of
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import count_words

#: Weeks that are shown where no year is chosen, the present one included.
WEEKS = 52

_DAYS = 7
# In place of a year.
_LAST = "last"


@dataclass(frozen=True, slots=True)
class YearLine:
    """What can be chosen: a year, or the last weeks."""

    label: str
    commits: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week with commits, by the day of its Monday."""

    monday: str
    commits: int


@dataclass(frozen=True, slots=True)
class WeeksPart:
    """The picture of some weeks with a sentence about it, its numbers, the newest first, and what else can be shown."""

    picture: Markup
    words: Text
    lines: tuple[WeekLine, ...]
    years: tuple[YearLine, ...]


def make_weeks(context: RepositoryContext, request: Request, weeks: Mapping[int, int]) -> WeeksPart:
    """The weeks that the visitor wants to see, of those with these numbers of commits."""
    wanted, by_year = request.query_text("year"), _by_year(weeks)
    present = _week_of(monday_of(request.application.clock()))
    last = range(present - WEEKS + 1, present + 1)
    year = next((year for year in by_year if str(year) == wanted), None)
    if not wanted and not any(week in weeks for week in last):
        year = max(by_year, default=None)
    shown = last if year is None else _weeks_of(year)
    counts = [weeks.get(week, 0) for week in shown]
    words = _describe(shown, counts, context.repository.kind)
    links = request.links
    choices = [
        YearLine(
            _("Last %(weeks)s weeks", weeks=WEEKS),
            sum(weeks.get(week, 0) for week in last),
            links.repository(context.path, "statistics", year=_LAST),
            year is None,
        )
    ]
    choices += [
        YearLine(str(one), count, links.repository(context.path, "statistics", year=one), one == year)
        for one, count in sorted(by_year.items(), reverse=True)
    ]
    lines = [WeekLine(_monday(week).isoformat(), count) for week, count in zip(shown, counts, strict=True) if count]
    return WeeksPart(draw_spark(counts, request.reader.say(words)), words, tuple(reversed(lines)), tuple(choices))


def _describe(shown: range, counts: list[int], kind: str) -> Text:
    first, last = _monday(shown[0]), _monday(shown[-1]) + datetime.timedelta(days=_DAYS - 1)
    most = _monday(shown[counts.index(max(counts))])
    said = {"commits": count_words(sum(counts), kind), "first": first.isoformat(), "last": last.isoformat()}
    if not any(counts):
        return _("%(commits)s from %(first)s to %(last)s.", **said)
    return _(
        "%(commits)s from %(first)s to %(last)s. Most active: the week from %(day)s.", **said, day=most.isoformat()
    )


def _by_year(weeks: Mapping[int, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for week, count in weeks.items():
        found[_monday(week).year] += count
    return found


def _weeks_of(year: int) -> range:
    """The weeks whose Mondays lie in a year."""
    return range(_week_at_or_after(datetime.date(year, 1, 1)), _week_at_or_after(datetime.date(year + 1, 1, 1)))


def _week_at_or_after(day: datetime.date) -> int:
    return -((FIRST_MONDAY - day).days // _DAYS)


def _week_of(monday: datetime.date) -> int:
    return (monday - FIRST_MONDAY).days // _DAYS


def _monday(week: int) -> datetime.date:
    return FIRST_MONDAY + datetime.timedelta(days=week * _DAYS)
