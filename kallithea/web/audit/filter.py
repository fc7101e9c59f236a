"""The filter of the record of administration, as the query of its pages has it."""

import datetime
from dataclasses import dataclass

from kallithea.services.audit import KINDS, AuditFilter
from kallithea.web.request import Request
from kallithea.web.ui.days import parse_day, start_of_day
from kallithea.web.ui.query_forms import QueryForm


@dataclass(frozen=True, slots=True)
class FilterForm(QueryForm):
    """The fields as text. ``since`` and ``until`` are days such as ``2026-03-01``, both meant whole."""

    actor: str
    kind: str
    target: str
    since: str
    until: str

    def chosen(self, zone: datetime.tzinfo) -> AuditFilter:
        """The entries that are meant by somebody whose days are those of this zone."""
        since, until = start_of_day(self.since, zone), start_of_day(self.until, zone, later=1)
        return AuditFilter(self.actor, self.kind, self.target, since, until)


def read_filter(request: Request) -> FilterForm:
    """The filter of the query; what cannot be one is left out."""
    kind = request.query_text("kind")
    return FilterForm(
        request.query_text("actor"),
        kind if kind in KINDS else "",
        request.query_text("target"),
        parse_day(request.query_text("since")),
        parse_day(request.query_text("until")),
    )
