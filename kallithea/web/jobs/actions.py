"""What is done about one job."""

from collections.abc import Callable

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, NotFoundError, message_of
from kallithea.core.words import _
from kallithea.services.jobs import Jobs
from kallithea.services.work import reading, writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.jobs.views import JobsPage, make_page, parse_id, read_filter
from kallithea.web.request import BadRequestError, Request

_ACTIONS: dict[str, Callable[[Jobs, Actor, int], None]] = {
    "retry": Jobs.retry,
    "cancel": Jobs.cancel,
    "delete": Jobs.delete,
}


def act(context: SiteContext, request: Request) -> JobsPage | Response:
    """Do it, or show the list again and say why that is not possible any more."""
    action, job_id = _ACTIONS.get(request.form.get("action", "")), parse_id(request.form.get("job_id", ""))
    chosen = read_filter(request.form)
    if action is None or job_id is None:
        raise BadRequestError(_("The form does not say what is to be done with which job."))
    try:
        with writing(request.application) as services:
            action(services.jobs, request.actor, job_id)
            services.outbox.wake()
    except (ConflictError, NotFoundError) as problem:
        request.response.status_int = 409 if isinstance(problem, ConflictError) else 404
        with reading(request.application) as services:
            return make_page(request, services, chosen, message_of(problem))
    return redirect(request.links.page("_admin/jobs", **chosen.query))
