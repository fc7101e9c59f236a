"""``kallithea user-group``: groups of accounts."""

import click

from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user_group import UserGroup
from kallithea.services.user_groups import UserGroupChange, UserGroups


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
        services.user_groups.create(COMMAND_LINE, None, name=name, description=description)
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


@user_group.command("update")
@click.argument("name")
@click.option("--rename", metavar="NAME", help="What the group is called from then on.")
@click.option("--description")
@click.option("--owner", metavar="USER", help="Who changes it; empty: administrators of the site alone.")
@click.option("--active/--inactive", default=None, help="Whether it gives its members what is granted to it.")
@with_run
def update(
    run: Run, name: str, rename: str | None, description: str | None, owner: str | None, active: bool | None
) -> None:
    """Change the group NAME. What is not named stays."""
    with run.writing() as services:
        group = services.user_groups.get(name)
        if owner is None:
            owned_by = None if group.owner_id is None else services.users.find_by_id(group.owner_id)
        else:
            owned_by = services.users.get(owner) if owner else None
        change = UserGroupChange(
            group.name if rename is None else rename,
            group.description if description is None else description,
            owned_by,
            group.active if active is None else active,
        )
        services.user_groups.update(COMMAND_LINE, group, change)
        name, is_active = group.name, group.active
    run.done(f"The group {name} is changed.", name=name, active=is_active)


@user_group.command("delete")
@click.argument("name")
@with_run
def delete(run: Run, name: str) -> None:
    """Delete the group NAME, and what is granted to it. To do without it for a time, make it inactive."""
    with run.writing() as services:
        services.user_groups.delete(COMMAND_LINE, services.user_groups.get(name))
    run.done(f"The group {name} is deleted.", name=name)


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
