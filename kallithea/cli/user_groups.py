"""``kallithea user-group``: groups of accounts."""

import click

from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user_group import UserGroup
from kallithea.services.user_groups import UserGroups


@click.group("user-group")
def user_group() -> None:
    """Groups of accounts."""


@user_group.command("create")
@click.argument("name")
@click.option("--description", default="")
@with_run
def create(run: Run, name: str, description: str) -> None:
    """Make the group NAME."""
    with run.writing() as services:
        services.user_groups.create(COMMAND_LINE, name=name, description=description)
    run.done(f"The group {name} is made.", name=name)


@user_group.command("add")
@click.argument("group")
@click.argument("users", nargs=-1, required=True, metavar="USER...")
@with_run
def add(run: Run, group: str, users: tuple[str, ...]) -> None:
    """Put each USER into GROUP."""
    with run.writing() as services:
        target = services.user_groups.get(group)
        for name in users:
            services.user_groups.add(COMMAND_LINE, target, services.users.get(name))
    run.done(f"In {group}: {', '.join(users)}.", group=group, users=users)


@user_group.command("remove")
@click.argument("group")
@click.argument("users", nargs=-1, required=True, metavar="USER...")
@with_run
def remove(run: Run, group: str, users: tuple[str, ...]) -> None:
    """Take each USER out of GROUP."""
    with run.writing() as services:
        target = services.user_groups.get(group)
        for name in users:
            services.user_groups.remove(COMMAND_LINE, target, services.users.get(name))
    run.done(f"No longer in {group}: {', '.join(users)}.", group=group, users=users)


@user_group.command("list")
@with_run
def list_(run: Run) -> None:
    """All groups."""
    with run.reading() as services:
        groups = services.user_groups
        rows = [
            {"name": group.name, "active": group.active, "members": _members(groups, group)}
            for group in all_pages(lambda offset, limit: groups.list_(offset=offset, limit=limit))
        ]
    run.show(rows)


def _members(groups: UserGroups, group: UserGroup) -> tuple[str, ...]:
    members = all_pages(lambda offset, limit: groups.list_members(group, offset=offset, limit=limit))
    return tuple(member.name for member in members)
