"""``kallithea upkeep``: what the worker does for repositories, now."""

import click

from kallithea.cli.repository_groups import TRUSTED
from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.errors import KallitheaError
from kallithea.services.upkeep import keep_up
from kallithea.vcs.types import VcsError
from kallithea.vcs.upkeep import Outcome


@click.command("upkeep")
@click.argument("repository", required=False)
@click.option("--repack", is_flag=True, help="Do also what goes through whole repositories; may take hours.")
@with_run
def upkeep(run: Run, repository: str | None, repack: bool) -> None:
    """Do now what REPOSITORY needs, or all repositories, and tell what was done.

    The worker does the same by itself, after pushes and once an hour.
    """
    rows = []
    for path, repository_id in _chosen(run, repository):
        try:
            steps = keep_up(run.application, repository_id, heavy=repack).steps
        except (KallitheaError, VcsError) as problem:
            if repository is not None:
                raise
            click.echo(f"{path}: {problem}", err=True)
            continue
        rows += [
            {"repository": path, "step": step.name, "outcome": step.outcome, "words": step.words}
            for step in steps
            if run.as_json or step.outcome is not Outcome.NOT_NEEDED
        ]
    if rows or run.as_json:
        run.show(rows)
    else:
        click.echo("Nothing was needed.")


def _chosen(run: Run, repository: str | None) -> list[tuple[str, int]]:
    with run.reading() as services:
        if repository is not None:
            found = services.repositories.get(repository)
            return [(found.path, found.repository_id)]
        pages = all_pages(
            lambda offset, limit: services.repository_lists.list_(TRUSTED, offset=offset, limit=limit).rows
        )
        return [(row.path, row.repository_id) for row in pages]
