"""The filter of the record of administration, as the query of its pages has it."""

import datetime
from dataclasses import dataclass

from kallithea.services.audit import KINDS, AuditFilter
from kallithea.web.request import Request

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The fields as text. ``since`` and ``until`` are days such as ``2026-03-01``, both meant whole."""

    actor: str
    kind: str
    target: str
    since: str
    until: str

    @property
    def query(self) -> dict[str, str | None]:
        """The fields that are filled in, for addresses."""
        fields = {
            "actor": self.actor,
            "kind": self.kind,
            "target": self.target,
            "since": self.since,
            "until": self.until,
        }
        return {name: value or None for name, value in fields.items()}

    @property
    def is_empty(self) -> bool:
        """Whether everything is meant."""
        return not any(self.query.values())

    def chosen(self, zone: datetime.tzinfo) -> AuditFilter:
        """The entries that are meant by somebody whose days are those of this zone."""
        since, until = _start(self.since, zone), _start(self.until, zone, _DAY)
        return AuditFilter(self.actor, self.kind, self.target, since, until)


def read_filter(request: Request) -> FilterForm:
    """The filter of the query; what cannot be one is left out."""
    kind = request.query_text("kind")
    return FilterForm(
        request.query_text("actor"),
        kind if kind in KINDS else "",
        request.query_text("target"),
        _day(request.query_text("since")),
        _day(request.query_text("until")),
    )


def _day(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _start(
    day: str, zone: datetime.tzinfo, later: datetime.timedelta = datetime.timedelta(0)
) -> datetime.datetime | None:
    """The moment at which a day begins in the zone; the last days of the calendar have no end."""
    if not day:
        return None
    try:
        date = datetime.date.fromisoformat(day) + later
        return datetime.datetime.combine(date, datetime.time(), zone).astimezone(datetime.UTC)
    except OverflowError:
        return None
