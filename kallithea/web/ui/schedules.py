"""How often something is done, in words."""

from kallithea.core.schedules import Schedule
from kallithea.core.words import _

#: The choices of a menu.
SCHEDULES = (
    (Schedule.OFF, _("Never")),
    (Schedule.HOURLY, _("Every hour")),
    (Schedule.DAILY, _("Every day")),
    (Schedule.WEEKLY, _("Every week")),
)


def parse_schedule(word: str) -> Schedule:
    """What was chosen; never, for what is no choice."""
    return Schedule(word) if word in list(Schedule) else Schedule.OFF
