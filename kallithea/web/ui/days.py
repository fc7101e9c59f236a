"""Days as fields of forms have them, such as ``2026-03-01``."""

import datetime


def parse_day(text: str) -> str:
    """The day, empty for what is none."""
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def start_of_day(day: str, zone: datetime.tzinfo, *, later: int = 0) -> datetime.datetime | None:
    """The moment at which a day, or one so many days later, begins in the zone; None for no day.

    The last days of the calendar have no end.
    """
    if not day:
        return None
    try:
        date = datetime.date.fromisoformat(day) + datetime.timedelta(days=later)
        return datetime.datetime.combine(date, datetime.time(), zone).astimezone(datetime.UTC)
    except OverflowError:
        return None
