"""``kallithea repo-scan``: take over what lies in the repository folder."""

import sys

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
    report = scan_repositories(run.application, COMMAND_LINE, owner_id=owner_id, progress=_show_progress)
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


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total}", err=True, nl=done == total)
