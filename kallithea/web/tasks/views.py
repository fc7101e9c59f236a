"""The page of a task: how far it is, what became of it, and a button that cancels it."""

import datetime
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.tasks import Task, TaskState
from kallithea.web.answers import Response, plain, redirect
from kallithea.web.context import SiteContext
from kallithea.web.ids import parse_id
from kallithea.web.request import Request
from kallithea.web.tasks.log_lines import LogLine, read_line
from kallithea.web.tasks.subjects import Subject, find_subject
from kallithea.web.tasks.transfers import Transfer, make_transfer

#: Label, class and icon of each state.
STATES = {
    TaskState.WAITING: (_("Waiting"), "", "clock"),
    TaskState.RUNNING: (_("Running"), "info", "dot-fill"),
    TaskState.CANCELLING: (_("Cancelling"), "warn", "dot-fill"),
    TaskState.CANCELLED: (_("Cancelled"), "", "skip"),
    TaskState.DONE: (_("Done"), "ok", "check-circle-fill"),
    TaskState.FAILED: (_("Failed"), "bad", "alert"),
}


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task. ``refreshed``: whether the page will be another one soon.

    Where the task has ended, one of ``problem``, ``cancelled`` and ``done`` says how. ``cancel`` is what its button
    says, ``leaving`` what becomes of it when somebody leaves the page. ``further`` is the address of what comes next,
    if anything does, and ``further_words`` what leads there. ``silent``: nothing is heard of it any more.
    ``already``: whoever is shown it has asked for another one like it.
    ``waits_since``: it waits, and so do all jobs, since no worker takes any.
    """

    title: str
    address: str
    label: str
    css_class: str
    icon: str
    percent: int
    step: str
    asked: datetime.datetime
    problem: str
    cancelled: str
    done: str
    refreshed: bool
    can_be_cancelled: bool
    cancel: str
    leaving: str
    further: str
    further_words: str
    transfer: Transfer | None
    log: tuple[LogLine, ...]
    silent: bool
    already: bool
    waits_since: datetime.datetime | None


def show_task(context: SiteContext, request: Request) -> TaskPage | Response:
    """The task, or what it has made, or its log."""
    task_id, wants_log = parse_task(context)
    visitor = request.visitor
    task = request.services.tasks.get(visitor.user_id, task_id, administers=visitor.viewer.super_administrator)
    if wants_log:
        return _send_log(task)
    subject = find_subject(request, task)
    if task.state.ended and subject.made:
        return redirect(subject.made)
    label, css_class, icon = STATES[task.state]
    return TaskPage(
        subject.title,
        request.links.page(f"_tasks/{task.task_id}"),
        label,
        css_class,
        icon,
        task.percent,
        task.step if task.transfer is None and task.step else _("Waiting for its turn"),
        task.asked,
        _problem(task, subject),
        subject.cancelled if task.state is TaskState.CANCELLED else "",
        subject.done if task.state is TaskState.DONE else "",
        not task.state.ended,
        task.state in (TaskState.WAITING, TaskState.RUNNING) or (task.silent and not task.state.ended),
        subject.cancel,
        subject.leaving,
        subject.further if task.state.ended else "",
        subject.further_words,
        make_transfer(task, subject.kind, subject.address, request.application.clock()),
        tuple(map(read_line, task.log)),
        task.silent,
        not task.state.ended and "already" in request.query,
        request.registry.job_notice.find(request.application) if task.state is TaskState.WAITING else None,
    )


def cancel(context: SiteContext, request: Request) -> Response:
    """End the task as soon as that can be done."""
    task_id, is_log = parse_task(context)
    if is_log:
        raise NotFoundError(_("There is no such task."))
    visitor = request.visitor
    request.services.tasks.cancel(visitor.user_id, task_id, administers=visitor.viewer.super_administrator)
    return redirect(request.links.page(f"_tasks/{task_id}"))


def parse_task(context: SiteContext) -> tuple[int, bool]:
    """The number in the address, and whether the log of the task is asked for. Raises NotFoundError."""
    text, *rest = context.rest or (b"",)
    task_id = parse_id(text)
    if task_id is None or rest not in ([], [b"log"]):
        raise NotFoundError(_("There is no such task."))
    return task_id, bool(rest)


def _send_log(task: Task) -> Response:
    if not task.log:
        raise NotFoundError(_("There is no such task."))
    answer = plain("".join(f"{line}\n" for line in task.log))
    answer.headers["Content-Disposition"] = f'attachment; filename="task-{task.task_id}.log"'
    return answer


def _problem(task: Task, subject: Subject) -> str:
    if task.state is TaskState.FAILED:
        # what nobody foresaw has no words that help
        if task.problem.endswith("."):
            return _("%(problem)s %(nothing)s", problem=task.problem, nothing=subject.nothing)
        return _("Something broke on our side; the log says what. %(nothing)s", nothing=subject.nothing)
    if task.state is TaskState.DONE and not subject.done:
        return _("It was made, but is not there any more.")
    return ""
