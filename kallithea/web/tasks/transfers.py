"""How far a transfer from another site is: its steps, and what has come."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.jobs import ImportRepository
from kallithea.core.words import Text, _, _n
from kallithea.services.tasks import Task, TaskState
from kallithea.services.transfers import TransferState
from kallithea.vcs.remote import Amount, RemoteStep
from kallithea.vcs.types import Kind
from kallithea.web.reader import size

_IMPORT = (RemoteStep.CONNECT, RemoteStep.RECEIVE, RemoteStep.CHECK, RemoteStep.STORE, RemoteStep.RECORD)
_PULL = (RemoteStep.CONNECT, RemoteStep.RECEIVE, RemoteStep.CHECK, RemoteStep.STORE)

_NOW = {
    RemoteStep.CONNECT: _("Checking the address and the credentials"),
    RemoteStep.RECEIVE: _("Receiving changes"),
    RemoteStep.CHECK: _("Unpacking and checking what came"),
    RemoteStep.STORE: _("Storing"),
    RemoteStep.RECORD: _("Recording the repository"),
}
_LABELS = {
    RemoteStep.CONNECT: _("Check the address and the credentials"),
    RemoteStep.CHECK: _("Unpack and check what came"),
    RemoteStep.RECORD: _("Record the repository"),
}
# From when on a guess of the time that is left means something, and what cannot be known at all.
_GUESSED_SECONDS, _GUESSED_PERCENT = 5.0, 3
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: ``state`` is ``done``, ``run``, ``bad`` or ``todo``; ``took`` is empty where it has not begun."""

    label: str
    state: str
    took: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """``facts`` say how much has come; ``left`` is a guess, empty where there is none; ``percent`` None: unknown."""

    title: str
    percent: int | None
    left: str
    facts: tuple[str, ...]
    steps: tuple[StepRow, ...]


def make_transfer(task: Task, kind: Kind, address: str, now: datetime.datetime) -> Transfer | None:
    """What the page of a task shows of its transfer; None before it has begun."""
    state = task.transfer
    if state is None or not state.begun:
        return None
    present, begun = list(state.begun.items())[-1]
    amount = None if task.state.ended else state.amount
    percent = amount.done * 100 // amount.total if amount is not None and amount.total else None
    seconds = (now - begun).total_seconds()
    return Transfer(
        _NOW[present],
        percent,
        _guess(percent or 0, seconds),
        _facts(amount, seconds) if amount is not None else (),
        _steps(task, state, kind, address, now),
    )


def describe_seconds(seconds: float) -> Text:
    """How long something took, short."""
    if seconds < _MINUTE:
        return _("%(number)s s", number=float(max(seconds, 0.0)))
    if seconds < _HOUR:
        return _("%(count)s min", count=int(seconds // _MINUTE))
    return _("%(count)s h", count=int(seconds // _HOUR))


def _steps(task: Task, state: TransferState, kind: Kind, address: str, now: datetime.datetime) -> tuple[StepRow, ...]:
    usual = _IMPORT if isinstance(task.job, ImportRepository) else _PULL
    wanted = [step for step in usual if kind is Kind.GIT or step is not RemoteStep.CHECK]
    times = list(state.begun.items())
    ends = [*(at for _step, at in times[1:]), state.changed if task.state.ended else now]
    took = {step: (end - at).total_seconds() for (step, at), end in zip(times, ends, strict=True)}
    last = times[-1][0]
    rows = []
    for step in wanted:
        words = describe_seconds(took[step]) if step in took else ""
        rows.append(StepRow(_label(task, step, address), _state(task, wanted, step, last), words))
    return tuple(rows)


def _state(task: Task, wanted: Sequence[RemoteStep], step: RemoteStep, last: RemoteStep) -> str:
    if task.state is TaskState.DONE or wanted.index(step) < wanted.index(last):
        return "done"
    if step is not last:
        return "todo"
    return "bad" if task.state.ended else "run"


def _label(task: Task, step: RemoteStep, address: str) -> str:
    if step is RemoteStep.RECEIVE:
        return _("Receive changes from %(address)s", address=address) if address else _("Receive changes")
    if step is RemoteStep.STORE:
        if isinstance(task.job, ImportRepository):
            return _("Set the default branch, and store everything")
        return _("Move branches, bookmarks and tags")
    return _LABELS[step]


def _guess(percent: int, seconds: float) -> str:
    if percent < _GUESSED_PERCENT or seconds < _GUESSED_SECONDS:
        return ""
    minutes = int(seconds * (100 - percent) / percent // _MINUTE)
    return _n("about %(count)s minute left", "about %(count)s minutes left", minutes) if minutes else _("nearly done")


def _facts(amount: Amount, seconds: float) -> tuple[str, ...]:
    facts: list[str] = [_describe_amount(amount)]
    if amount.size:
        facts.append(size(amount.size))
    if amount.size and seconds >= 1:
        facts.append(_("%(size)s/s", size=size(int(amount.size / seconds))))
    return tuple(facts)


def _describe_amount(amount: Amount) -> Text:
    done, total = amount.done, amount.total
    match amount.unit:
        case "deltas":
            return _("%(done)s of %(total)s deltas", done=done, total=total)
        case "changesets":
            return _n("%(count)s changeset", "%(count)s changesets", done)
        case "manifests":
            return _("%(done)s of %(total)s manifests", done=done, total=total)
        case "files":
            return _("%(done)s of %(total)s files", done=done, total=total)
        case _:
            return _("%(done)s of %(total)s objects", done=done, total=total)
