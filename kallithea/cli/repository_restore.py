"""``kallithea repository deleted`` and ``kallithea repository restore``: what was deleted and can come back."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import NotFoundError
from kallithea.services.repository_restoring import restore_repository

_SHOWN = 1000


@click.command("deleted")
@with_run
def deleted(run: Run) -> None:
    """Repositories that were deleted and can come back, the last one first."""
    with run.reading() as services:
        found = services.deleted_repositories.list_(limit=_SHOWN)
    run.show(
        [
            {
                "id": row.repository_id,
                "path": row.path,
                "kind": row.kind,
                "deleted": row.deleted.isoformat(timespec="seconds"),
                "by": row.deleted_by,
                "until": row.until.isoformat(timespec="seconds"),
            }
            for row in found
        ]
    )


@click.command("restore")
@click.argument("path")
@click.option("--id", "number", type=int, help="Which one, if several had this path; else the one deleted last.")
@click.option("--as", "new_path", metavar="PATH", help="Where it shall be, if not at its old path.")
@with_run
def restore(run: Run, path: str, number: int | None, new_path: str | None) -> None:
    """Bring back the repository PATH that was deleted, with its settings, permissions and followers."""
    with run.reading() as services:
        found = services.deleted_repositories.list_(limit=_SHOWN, path=path)
    chosen = next((row for row in found if number in (None, row.repository_id)), None)
    if chosen is None:
        raise NotFoundError(f"No deleted repository {path!r} can come back. `kallithea repository deleted` lists them.")
    restored = restore_repository(run.application, COMMAND_LINE, None, chosen.repository_id, path=new_path)
    run.done(f"The repository {restored} is back.", path=restored)
