"""The tasks of one person: what runs for them, waits, or has ended lately."""

import datetime
from dataclasses import dataclass

from kallithea.core.jobs import PullRepository
from kallithea.services.tasks import Task, TaskState
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.tasks.subjects import name_task
from kallithea.web.tasks.views import STATES

#: Tasks on the page; nobody waits for as many, and those that have ended are forgotten after a week.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task. ``percent`` is None where it does not run, ``problem`` empty where it has none with words."""

    title: str
    address: str
    label: str
    css_class: str
    icon: str
    asked: datetime.datetime
    percent: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class TasksPage:
    """Tasks, the last one first."""

    rows: tuple[TaskRow, ...]


def show_tasks(context: SiteContext, request: Request) -> TasksPage:
    """The list of who is signed in."""
    tasks = request.services.tasks.list_(request.visitor.member_id, limit=SHOWN)
    pulled = {task.job.repository_id for task in tasks if isinstance(task.job, PullRepository)}
    paths = request.services.repositories.list_paths(request.visitor.viewer, pulled)
    return TasksPage(tuple(_make_row(request, task, name_task(task.job, paths)) for task in tasks))


def _make_row(request: Request, task: Task, title: str) -> TaskRow:
    label, css_class, icon = STATES[task.state]
    return TaskRow(
        title,
        request.links.page(f"_tasks/{task.task_id}"),
        label,
        css_class,
        icon,
        task.asked,
        task.percent if task.state in (TaskState.RUNNING, TaskState.CANCELLING) else None,
        # what nobody foresaw has no words that help
        task.problem if task.problem.endswith(".") else "",
    )
