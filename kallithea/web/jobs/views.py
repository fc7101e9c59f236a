"""What runs in the background, waits, and has failed."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.jobs import Queue
from kallithea.core.words import _
from kallithea.model.outbox_list import JobState
from kallithea.services.jobs import JobRow
from kallithea.services.scope import Services
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request

_QUEUES = {queue.value for queue in Queue}

_LABELS = {
    JobState.RUNNING: _("Running"),
    JobState.WAITING: _("Waiting"),
    JobState.LATER: _("Later"),
    JobState.FAILED: _("Failed"),
    JobState.DONE: _("Done"),
}
_EMPTY = {
    JobState.RUNNING: _("Nothing runs"),
    JobState.WAITING: _("Nothing waits"),
    JobState.LATER: _("Nothing is tried again later"),
    JobState.FAILED: _("Nothing has failed"),
    JobState.DONE: _("Nothing was done lately"),
}
#: What can be done with a job, and the words on its button.
_CANCEL, _RETRY, _DELETE = ("cancel", _("Cancel")), ("retry", _("Run again")), ("delete", _("Delete"))
_ACTIONS = {
    JobState.RUNNING: (_CANCEL,),
    JobState.WAITING: (_CANCEL,),
    JobState.LATER: (("retry", _("Run now")), _CANCEL),
    JobState.FAILED: (_RETRY, _DELETE),
    JobState.DONE: (_DELETE,),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A state: ``count`` is None for that of which there are many."""

    state: JobState
    label: str
    address: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs are looked at; ``beyond`` is the id of one after which the list goes on."""

    state: JobState
    queue: str
    beyond: int | None

    @property
    def query(self) -> dict[str, str | None]:
        """State and queue, for addresses."""
        return {"state": self.state.value, "queue": self.queue or None}


@dataclass(frozen=True, slots=True)
class JobsPage:
    """Jobs in one state. ``waits_since``: nobody takes jobs. ``problem``: what was asked for could not be done."""

    tabs: tuple[Tab, ...]
    chosen: Filter
    queues: tuple[str, ...]
    rows: tuple[JobRow, ...]
    actions: tuple[tuple[str, str], ...]
    empty: str
    first_address: str | None
    next_address: str | None
    waits_since: datetime.datetime | None
    problem: str = ""


def show_jobs(context: SiteContext, request: Request) -> JobsPage:
    """The jobs that the query chooses."""
    return make_page(request, request.services, read_filter(request.query))


def read_filter(values: Mapping[str, str]) -> Filter:
    """The filter of a query or form; what cannot be one is left out."""
    state, queue, beyond = values.get("state", ""), values.get("queue", ""), values.get("beyond", "")
    return Filter(
        JobState(state) if state in list(JobState) else JobState.FAILED,
        queue if queue in _QUEUES else "",
        parse_id(beyond),
    )


def make_page(request: Request, services: Services, chosen: Filter, problem: str = "") -> JobsPage:
    """The page of a filter."""
    links, counts = request.links, services.jobs.count()
    size = request.visitor.looks.admin_list_length
    found = services.jobs.list_(chosen.state, queue=chosen.queue, beyond=chosen.beyond, limit=size + 1)
    rows, has_more = tuple(found[:size]), len(found) > size
    tabs = tuple(
        Tab(
            state,
            label,
            links.page("_admin/jobs", state=state.value, queue=chosen.queue or None),
            counts.get(state),
        )
        for state, label in _LABELS.items()
    )
    return JobsPage(
        tabs,
        chosen,
        tuple(queue.value for queue in Queue),
        rows,
        _ACTIONS[chosen.state],
        _EMPTY[chosen.state],
        links.page("_admin/jobs", **chosen.query) if chosen.beyond is not None else None,
        links.page("_admin/jobs", **chosen.query, beyond=str(rows[-1].job_id)) if has_more else None,
        services.job_delays.find(),
        problem,
    )
