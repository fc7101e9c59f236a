"""What of a followed repository reaches somebody, and how often mails bring it."""

import datetime
import enum


class Watch(enum.StrEnum):
    """Of what in a repository somebody is told."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


class Reason(enum.StrEnum):
    """Why somebody is told of an event."""

    WATCHING = "watching"
    MENTION = "mention"


class MailSchedule(enum.StrEnum):
    """When mails tell of events: each at once, those of a day or week together, or never."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"

    @property
    def every(self) -> datetime.timedelta | None:
        """The time from one mail with many events to the next."""
        return _EVERY.get(self)


_EVERY = {MailSchedule.DAILY: datetime.timedelta(days=1), MailSchedule.WEEKLY: datetime.timedelta(weeks=1)}
