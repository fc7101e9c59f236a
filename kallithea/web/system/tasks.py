"""What an administrator has done for the whole site, by a worker; the page of the task says how far it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import RebuildIndex, ScanRepositories, SiteJob
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

REBUILD, SCAN = "_admin/system/index", "_admin/system/scan"


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A form: where it goes, what it says, and the label of its button."""

    address: str
    words: str
    label: str


def list_tasks(request: Request) -> tuple[TaskRow, ...]:
    """What can be asked for."""
    return tuple(_tasks(request))


def rebuild_index(context: SiteContext, request: Request) -> Response:
    """Make a new search index. Raises NotFoundError where the site has none."""
    if request.application.search is None:
        raise NotFoundError(_("There is none: the .ini sets index.backend = none."))
    return _ask(request, RebuildIndex(request.visitor.member_id))


def scan(context: SiteContext, request: Request) -> Response:
    """Take over what lies in the repository folder; who asks owns it."""
    user_id = request.visitor.member_id
    return _ask(request, ScanRepositories(user_id, user_id, request.actor.address))


def _tasks(request: Request) -> Iterator[TaskRow]:
    page = request.links.page
    yield TaskRow(
        page(SCAN),
        _("What lies in the repository folder and is not known yet is taken over, each folder around it as a group."),
        _("Take over repositories"),
    )
    if request.application.search is not None:
        yield TaskRow(
            page(REBUILD),
            _("A new search index is made beside the present one, and takes its place when it is complete."),
            _("Make a new index"),
        )


def _ask(request: Request, job: SiteJob) -> Response:
    services = request.services
    under_way = services.outbox.find_asked(job)
    if under_way is not None:
        return redirect(request.links.page(f"_tasks/{under_way}", already=1))
    task_id = services.outbox.add_asked(job)
    services.audit.add(request.actor, "job.ask", f"job:{task_id}", after={"kind": type(job).__name__})
    return redirect(request.links.page(f"_tasks/{task_id}"))
