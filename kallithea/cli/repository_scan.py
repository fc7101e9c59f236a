"""``kallithea repo-scan``: take over what lies in the repository folder."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.repository_scan import scan_repositories


@click.command("repo-scan")
@click.option("--owner", metavar="USER", help="Account that administers what is imported.")
@with_run
def scan(run: Run, owner: str | None) -> None:
    """Import the repositories that lie in the repository folder, each folder around them as a group.

    They stay where they are. Running it again imports what has been added.
    """
    owner_id = None
    if owner:
        with run.reading() as services:
            owner_id = services.users.get(owner).user_id
    report = scan_repositories(run.application, COMMAND_LINE, owner_id=owner_id)
    run.done(
        f"Imported: {len(report.imported)}, already known: {len(report.present)}, left out: {len(report.skipped)}",
        imported=report.imported,
        present=report.present,
        skipped=report.skipped,
    )
