"""``kallithea index-create``: the search index, now."""

import dataclasses

import click

from kallithea.cli.run import Run, show_progress, with_run
from kallithea.core.errors import KallitheaError, NotFoundError
from kallithea.core.jobs import RebuildIndex
from kallithea.services.index_rebuilding import rebuild
from kallithea.services.index_report import make_index_report
from kallithea.services.jobs_at_hand import doing
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.vcs.types import VcsError


@click.command("index-create")
@click.argument("repository", required=False)
@click.option("--full", is_flag=True, help="Make a new index of everything beside the old one, then switch to it.")
@click.option("--state", is_flag=True, help="Say how large the index is and what it does not know yet; change nothing.")
@with_run
def index_create(run: Run, repository: str | None, full: bool, state: bool) -> None:
    """Index what has changed in REPOSITORY, or in all repositories.

    The worker does the same by itself: after pushes, and once an hour for what it has missed. Searching goes on
    meanwhile.
    """
    if run.application.search is None:
        raise NotFoundError("There is no index: the .ini sets index.backend = none.")
    if state:
        if full or repository is not None:
            raise click.UsageError(
                "--state is about the whole index, and makes nothing: give neither --full nor a repository."
            )
        _show_state(run)
        return
    if full:
        if repository is not None:
            raise click.UsageError("--full makes the whole index: give no repository.")
        with doing(run.application, RebuildIndex(None), show_progress) as teller:
            problems = rebuild(run.application, teller)
    else:
        problems = _update(run, repository)
    for problem in problems:
        click.echo(problem, err=True)
    run.done("The index is up to date.", problems=problems)


def _show_state(run: Run) -> None:
    report = make_index_report(run.application)
    if report is not None:
        run.show([dataclasses.asdict(report)])


def _update(run: Run, repository: str | None) -> list[str]:
    if repository is not None:
        with run.reading() as services:
            number = services.repositories.get(repository).repository_id
        index_repository(run.application, number)
        return []
    problems = []
    outdated = find_outdated(run.application)
    for at, number in enumerate(outdated, 1):
        _tell(run, number, at, len(outdated))
        try:
            index_repository(run.application, number)
        except (KallitheaError, VcsError) as problem:
            problems.append(f"{number}: {problem}")
    return problems


def _tell(run: Run, number: int, at: int, of: int) -> None:
    with run.reading() as services:
        row = services.repositories.find_by_id(number)
        name = row.path if row is not None else f"deleted repository {number}"
    show_progress(100 * (at - 1) // of, f"{at} of {of}: {name}")
