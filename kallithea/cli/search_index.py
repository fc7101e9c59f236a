"""``kallithea index-create``: the search index, now."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.errors import KallitheaError, NotFoundError
from kallithea.services.search_index import find_outdated, index_repository, rebuild
from kallithea.vcs.types import VcsError


@click.command("index-create")
@click.argument("repository", required=False)
@click.option("--full", is_flag=True, help="Make a new index of everything beside the old one, then switch to it.")
@with_run
def index_create(run: Run, repository: str | None, full: bool) -> None:
    """Index what has changed in REPOSITORY, or in all repositories.

    The worker does the same by itself: after pushes, and once an hour for what it has missed. Searching goes on
    meanwhile.
    """
    if run.application.search is None:
        raise NotFoundError("There is no index: the .ini sets index.backend = none.")
    if full:
        if repository is not None:
            raise click.UsageError("--full makes the whole index: give no repository.")
        problems = rebuild(run.application, lambda number, at, of: _tell(run, number, at, of))
    else:
        problems = _update(run, repository)
    for problem in problems:
        click.echo(problem, err=True)
    run.done("The index is up to date.", problems=problems)


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
    click.echo(f"{100 * (at - 1) // of:3} %  {at} of {of}  {name}", err=True)
