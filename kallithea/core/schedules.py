"""How often something is done by itself."""

import datetime
import enum


class Schedule(enum.StrEnum):
    """Off, or the time from one run to the next."""

    OFF = "off"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def every(self) -> datetime.timedelta | None:
        """Time between two runs; None for none."""
        return _EVERY.get(self)


_EVERY = {
    Schedule.HOURLY: datetime.timedelta(hours=1),
    Schedule.DAILY: datetime.timedelta(days=1),
    Schedule.WEEKLY: datetime.timedelta(weeks=1),
}
