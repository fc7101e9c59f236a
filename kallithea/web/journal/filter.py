"""The filter of journals, as the query of their pages has it."""

import datetime
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.journal import ACTIONS, JournalFilter
from kallithea.web.request import Request
from kallithea.web.ui.days import parse_day, start_of_day
from kallithea.web.ui.query_forms import QueryForm

#: What may happen, as the menu of the filter has it.
CHOICES = (
    ("push", _("Pushes")),
    ("repository.create", _("New repositories")),
    ("repository.update", _("Changed settings")),
    ("repository.delete", _("Deleted repositories")),
    ("repository.restore", _("Restored repositories")),
)


@dataclass(frozen=True, slots=True)
class FilterForm(QueryForm):
    """The fields as text. ``since`` and ``until`` are days such as ``2026-03-01``, both meant whole."""

    user: str
    repository: str
    action: str
    since: str
    until: str

    def chosen(self, zone: datetime.tzinfo, repository_id: int | None = None) -> JournalFilter:
        """The events that are meant by somebody whose days are those of this zone."""
        since, until = start_of_day(self.since, zone), start_of_day(self.until, zone, later=1)
        return JournalFilter(self.user, self.repository, self.action, since, until, repository_id)


def read_filter(request: Request) -> FilterForm:
    """The filter of the query; what cannot be one is left out."""
    action = request.query_text("action")
    return FilterForm(
        request.query_text("user"),
        request.query_text("repository").strip("/"),
        action if action in ACTIONS else "",
        parse_day(request.query_text("since")),
        parse_day(request.query_text("until")),
    )
