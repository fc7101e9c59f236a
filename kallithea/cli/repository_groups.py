"""``kallithea repository-group``: groups of repositories."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.access import Viewer
from kallithea.core.actor import COMMAND_LINE

#: The command line belongs to whoever runs the site.
TRUSTED = Viewer(None, frozenset(), super_administrator=True)


@click.group("repository-group")
def repository_group() -> None:
    """Groups of repositories."""


@repository_group.command("create")
@click.argument("path")
@click.option("--description", default="")
@click.option("--owner", metavar="USER", help="Account that administers the group and all below it.")
@with_run
def create(run: Run, path: str, description: str, owner: str | None) -> None:
    """Make the group PATH; the group around it must exist."""
    with run.writing() as services:
        owned_by = services.users.get(owner) if owner else None
        services.repository_groups.create(COMMAND_LINE, None, path=path, description=description, owner=owned_by)
    run.done(f"The group {path} is made.", path=path)


@repository_group.command("list")
@with_run
def list_(run: Run) -> None:
    """All groups, each below the one that it lies in."""
    with run.reading() as services:
        groups = services.repository_groups.list_(TRUSTED)
    rows = [
        {"path": group.path, "repositories": group.repositories, "description": group.description} for group in groups
    ]
    run.show(rows)
