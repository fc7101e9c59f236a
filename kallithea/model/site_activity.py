"""How much happened on a site, day by day."""

import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.outbox import OutboxJob

#: A day in UTC, as the engine has it, and how many.
DayTuple = tuple[Any, int]


def pushes_by_day(since: datetime.datetime) -> Select[*DayTuple]:
    """How many pushes there were on each day that had some."""
    return _by_day(JournalEntry.at, since, JournalEntry.action == "push")


def sign_ins_by_day(since: datetime.datetime) -> Select[*DayTuple]:
    """How often somebody signed in."""
    return _by_day(AuditEntry.at, since, AuditEntry.action == "user.sign-in")


def jobs_by_day(since: datetime.datetime) -> Select[*DayTuple]:
    """How many jobs were finished, of those that are still known."""
    return _by_day(OutboxJob.finished, since)


def _by_day(
    at: InstrumentedAttribute[Any], since: datetime.datetime, *conditions: ColumnElement[bool]
) -> Select[*DayTuple]:
    day = func.date(at)
    return select(day, func.count()).where(at >= since, *conditions).group_by(day)
