"""What is done about one job."""

from collections.abc import Callable, Mapping

from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.jobs import Jobs
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.web.answers import Response
from kallithea.web.changing import change_or_show_again
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.jobs.views import JobsPage, make_page, read_filter
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

    def change() -> str:
        with writing(request.application) as services:
            action(services.jobs, request.actor, job_id)
            services.outbox.wake()
        return request.links.page("_admin/jobs", **chosen.query)

    def show_again(services: Services, problems: Mapping[str, str]) -> JobsPage:
        return make_page(request, services, chosen, problems["job_id"])

    return change_or_show_again(request, change, show_again, field="job_id", also=(NotFoundError,))
