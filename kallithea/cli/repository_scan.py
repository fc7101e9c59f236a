"""``kallithea repo-scan``: take over what lies in the repository folder."""

import click

from kallithea.cli.run import Run, show_progress, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import ScanRepositories
from kallithea.services.jobs_at_hand import doing
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
    with doing(run.application, ScanRepositories(None, owner_id, ""), show_progress) as teller:
        report = scan_repositories(run.application, COMMAND_LINE, owner_id=owner_id, tell=teller)
    for folder, reason in report.skipped.items():
        click.echo(f"Left out: {folder}: {reason}", err=True)
    for path in report.missing:
        click.echo(f"Missing: the folder of {path}", err=True)
    run.done(
        f"Imported: {len(report.imported)}, known already: {len(report.present)}, "
        f"missing: {len(report.missing)}, left out: {len(report.skipped)}",
        imported=report.imported,
        present=report.present,
        missing=report.missing,
        skipped=report.skipped,
    )
