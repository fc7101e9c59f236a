"""``kallithea job``: what runs in the background, waits, and has failed."""

import dataclasses

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError
from kallithea.core.jobs import Queue
from kallithea.model.outbox_list import JobState
from kallithea.services.jobs import JobRow

_BATCH = 200
_STATES = [state.value for state in JobState]


@click.group("job")
def job() -> None:
    """What runs in the background, waits, and has failed."""


@job.command("list")
@click.option("--state", type=click.Choice(_STATES), default=JobState.FAILED.value, show_default=True)
@click.option("--queue", type=click.Choice([queue.value for queue in Queue]), help="Only this queue.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@with_run
def list_(run: Run, state: str, queue: str | None, limit: int) -> None:
    """Jobs in one state."""
    rows = _list(run, JobState(state), queue or "", limit)
    run.show([_row(row) for row in rows])


@job.command("show")
@click.argument("number", type=int)
@with_run
def show(run: Run, number: int) -> None:
    """One job, how far it is, and its log."""
    with run.reading() as services:
        row = services.jobs.get(number)
        progress = services.progress.find(number)
    log = progress.log if progress is not None else ""
    if run.as_json:
        run.done("", **_facts(row), log=log)
        return
    for name, value in _facts(row).items():
        if value not in (None, ""):
            click.echo(f"{name}: {value}")
    if log:
        click.echo(log.rstrip())


@job.command("retry")
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that have failed.")
@click.option("--queue", type=click.Choice([queue.value for queue in Queue]), help="With --all: only this queue.")
@with_run
def retry(run: Run, numbers: tuple[int, ...], every: bool, queue: str | None) -> None:
    """Run failed jobs again, or jobs that wait for their time now."""
    if every == bool(numbers):
        raise click.UsageError("Name jobs, or give --all.")
    if not every:
        for number in numbers:
            _retry(run, number)
        run.done(f"{len(numbers)} jobs wait again.", jobs=list(numbers))
        return
    again, refused, beyond = [], [], None
    while rows := _batch(run, queue or "", beyond):
        beyond = rows[-1].job_id
        for row in rows:
            try:
                _retry(run, row.job_id)
                again.append(row.job_id)
            except ConflictError as problem:
                refused.append(f"{row.job_id}: {problem}")
    for words in refused:
        click.echo(words, err=True)
    run.done(f"{len(again)} jobs wait again.", jobs=again)


@job.command("cancel")
@click.argument("number", type=int)
@with_run
def cancel(run: Run, number: int) -> None:
    """End a job: at once if it waits, and where it next asks if it runs."""
    with run.writing() as services:
        services.jobs.cancel(COMMAND_LINE, number)
    run.done(f"Job {number} is cancelled.", job=number)


@job.command("delete")
@click.argument("number", type=int)
@with_run
def delete(run: Run, number: int) -> None:
    """Forget a job that has ended."""
    with run.writing() as services:
        services.jobs.delete(COMMAND_LINE, number)
    run.done(f"Job {number} is deleted.", job=number)


def _retry(run: Run, number: int) -> None:
    with run.writing() as services:
        services.jobs.retry(COMMAND_LINE, number)
        services.outbox.wake()


def _batch(run: Run, queue: str, beyond: int | None) -> list[JobRow]:
    with run.reading() as services:
        return list(services.jobs.list_(JobState.FAILED, queue=queue, beyond=beyond, limit=_BATCH))


def _list(run: Run, state: JobState, queue: str, limit: int) -> list[JobRow]:
    rows: list[JobRow] = []
    while len(rows) < limit:
        with run.reading() as services:
            beyond = rows[-1].job_id if rows else None
            found = services.jobs.list_(state, queue=queue, beyond=beyond, limit=min(_BATCH, limit - len(rows)))
        if not found:
            break
        rows += found
    return rows


def _row(row: JobRow) -> dict[str, object]:
    return {
        "job": row.job_id,
        "kind": row.kind,
        "queue": row.queue,
        "state": row.state,
        "percent": row.percent,
        "attempts": row.attempts,
        "asked": row.asked,
        "due": row.due,
        "about": row.about,
        "problem": row.problem,
    }


def _facts(row: JobRow) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
