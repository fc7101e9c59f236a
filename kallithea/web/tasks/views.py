"""The page of a task: how far it is, what became of it, and a button that cancels it."""

import datetime
from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import ForkRepository
from kallithea.core.words import _
from kallithea.services.tasks import Task, TaskState
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request

_MOST_DIGITS = 9

#: Label, class and icon of each state.
_STATES = {
    TaskState.WAITING: (_("Waiting"), "", "clock"),
    TaskState.RUNNING: (_("Running"), "info", "dot-fill"),
    TaskState.CANCELLING: (_("Cancelling"), "warn", "dot-fill"),
    TaskState.CANCELLED: (_("Cancelled"), "", "skip"),
    TaskState.DONE: (_("Done"), "ok", "check-circle-fill"),
    TaskState.FAILED: (_("Failed"), "bad", "alert"),
}


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task. ``refreshed``: whether the page will be another one soon; ``problem`` says why the task failed."""

    title: str
    address: str
    label: str
    css_class: str
    icon: str
    percent: int
    step: str
    asked: datetime.datetime
    problem: str
    cancelled: bool
    refreshed: bool
    can_be_cancelled: bool


def show_task(context: SiteContext, request: Request) -> TaskPage | Response:
    """The task, or what it has made."""
    task = request.services.tasks.get(request.visitor.user_id, parse_task_id(context))
    made = _find_made(request, task) if task.state.ended else None
    if made is not None:
        return redirect(request.links.repository(made))
    label, css_class, icon = _STATES[task.state]
    return TaskPage(
        _title(task),
        request.links.page(f"_tasks/{task.task_id}"),
        label,
        css_class,
        icon,
        task.percent,
        task.step or _("Waiting for its turn"),
        task.asked,
        _problem(task),
        task.state is TaskState.CANCELLED,
        not task.state.ended,
        task.state in (TaskState.WAITING, TaskState.RUNNING),
    )


def cancel(context: SiteContext, request: Request) -> Response:
    """End the task as soon as that can be done."""
    task_id = parse_task_id(context)
    request.services.tasks.cancel(request.visitor.user_id, task_id)
    return redirect(request.links.page(f"_tasks/{task_id}"))


def parse_task_id(context: SiteContext) -> int:
    """The number in the address. Raises NotFoundError."""
    text = b"/".join(context.rest)
    if not text.isdigit() or len(text) > _MOST_DIGITS:
        raise NotFoundError(_("There is no such task."))
    return int(text)


def _title(task: Task) -> str:
    return _("Forking to %(path)s", path=task.job.path) if isinstance(task.job, ForkRepository) else _("Task")


def _find_made(request: Request, task: Task) -> str | None:
    """The path of the repository that the task has made, as long as the visitor may read it."""
    if not isinstance(task.job, ForkRepository):
        return None
    row = request.services.repositories.find(task.job.path)
    if row is None or row.fork_of_id != task.job.source_id or row.owner_id != task.job.user_id:
        return None
    level = request.services.permissions.level(request.visitor.viewer, row)
    return row.path if level >= Level.READ else None


def _problem(task: Task) -> str:
    if task.state is TaskState.FAILED:
        # what nobody foresaw has no words that help
        if task.problem.endswith("."):
            return _("%(problem)s Nothing was made.", problem=task.problem)
        return _("Something broke on our side; the log says what. Nothing was made.")
    if task.state is TaskState.DONE:
        return _("It was made, but is not there any more.")
    return ""
