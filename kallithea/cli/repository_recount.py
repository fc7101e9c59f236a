"""``kallithea repository recount``: the statistics of a repository anew."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.errors import ConflictError
from kallithea.core.jobs import CountRepository


@click.command("recount")
@click.argument("path")
@with_run
def recount(run: Run, path: str) -> None:
    """Have the commits of the repository PATH counted anew, all of them, by the worker."""
    with run.writing() as services:
        row = services.repositories.get(path)
        if not row.statistics:
            raise ConflictError(f"The settings of {path} leave statistics out.")
        services.statistics.delete(row.repository_id)
        services.outbox.add(CountRepository(row.repository_id))
    run.done(f"The commits of {path} are going to be counted.", path=path)
