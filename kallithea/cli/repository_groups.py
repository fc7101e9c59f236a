"""``kallithea repository-group``: groups of repositories."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.access import Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.repository_group_settings import GroupChange

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


@repository_group.command("update")
@click.argument("path")
@click.option("--move-to", metavar="PATH", help="The new path; the group around it must exist. All in it moves too.")
@click.option("--owner", metavar="USER", help="Account that administers the group and all below it; '' for none.")
@click.option("--description")
@with_run
def update(run: Run, path: str, move_to: str | None, owner: str | None, description: str | None) -> None:
    """Change or move the group PATH; what is not named stays as it is."""
    with run.writing() as services:
        group = services.repository_groups.get(path)
        parent, _slash, name = (group.path if move_to is None else move_to.strip("/")).rpartition("/")
        known = None if group.owner_id is None else services.users.find_by_id(group.owner_id)
        change = GroupChange(
            name,
            parent,
            owner if owner is not None else known.name if known is not None else "",
            group.description if description is None else description,
        )
        changed = services.repository_group_settings.update(COMMAND_LINE, TRUSTED, group.repository_group_id, change)
        new_path = changed.path
    run.done(f"The group {new_path} is changed.", path=new_path)


@repository_group.command("delete")
@click.argument("path")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_run
def delete(run: Run, path: str, yes: bool) -> None:
    """Delete the empty group PATH, and what is granted on it."""
    with run.reading() as services:
        services.repository_groups.get(path)
    if not yes:
        click.confirm(f"Delete the group {path}?", abort=True, err=True)
    with run.writing() as services:
        group = services.repository_groups.get(path)
        services.repository_group_settings.delete(COMMAND_LINE, TRUSTED, group.repository_group_id)
    run.done(f"The group {path} is deleted.", path=path)


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
