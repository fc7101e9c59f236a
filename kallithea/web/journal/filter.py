"""The filter of journals, as the query of their pages has it."""

import datetime
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.journal import ACTIONS, JournalFilter
from kallithea.web.request import Request
from kallithea.web.ui.days import parse_day, start_of_day

#: What may happen, as the menu of the filter has it.
CHOICES = (
    ("push", _("Pushes")),
    ("repository.create", _("New repositories")),
    ("repository.update", _("Changed settings")),
    ("repository.restore", _("Restored repositories")),
)


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The fields as text. ``since`` and ``until`` are days such as ``2026-03-01``, both meant whole."""

    user: str
    path: str
    action: str
    since: str
    until: str

    @property
    def query(self) -> dict[str, str | None]:
        """The fields that are filled in, for addresses."""
        fields = {
            "user": self.user,
            "repository": self.path,
            "action": self.action,
            "since": self.since,
            "until": self.until,
        }
        return {name: value or None for name, value in fields.items()}

    @property
    def is_empty(self) -> bool:
        """Whether everything is meant."""
        return not any(self.query.values())

    def chosen(self, zone: datetime.tzinfo, repository_id: int | None = None) -> JournalFilter:
        """The events that are meant by somebody whose days are those of this zone."""
        since, until = start_of_day(self.since, zone), start_of_day(self.until, zone, later=1)
        return JournalFilter(self.user, self.path, self.action, since, until, repository_id)


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
