"""``kallithea permission``: who may do what."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import NotFoundError
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.scope import Services

_INHERIT = "inherit"
_LEVELS = [*(level.word for level in Level), _INHERIT]


@click.group("permission")
def permission() -> None:
    """Who may do what."""


@permission.command("set")
@click.option("--user", metavar="NAME", help="For this account.")
@click.option("--user-group", metavar="NAME", help="For every active account in this group.")
@click.option("--signed-in", is_flag=True, help="For every active account.")
@click.option("--visitors", is_flag=True, help="For everybody, where the site admits visitors.")
@click.argument("level", type=click.Choice(_LEVELS))
@click.argument("path")
@with_run
def set_(
    run: Run, user: str | None, user_group: str | None, signed_in: bool, visitors: bool, level: str, path: str
) -> None:
    """Give LEVEL on PATH, a repository or group; / is the whole site.

    "none" closes what lies below for the one named; "inherit" takes the grant away, so that the next one outside
    counts again.
    """
    if [bool(user), bool(user_group), signed_in, visitors].count(True) != 1:
        raise click.UsageError("Name exactly one: --user, --user-group, --signed-in or --visitors.")
    chosen = None if level == _INHERIT else Level[level.upper()]
    with run.writing() as services:
        subject = SIGNED_IN if signed_in else VISITORS if visitors else _named(services, user, user_group)
        services.permissions.set_(COMMAND_LINE, _target(services, path), subject, chosen)
    who = user or user_group or ("signed-in accounts" if signed_in else "visitors")
    run.done(f"{path}: {level} for {who}.", path=path, level=level, subject=subject.kind, name=user or user_group)


@permission.command("list")
@click.argument("path")
@with_run
def list_(run: Run, path: str) -> None:
    """Grants on PATH itself; those of the groups around it count where nothing nearer does."""
    with run.reading() as services:
        rows = [
            {"subject": row.subject.kind, "name": row.name, "level": row.level}
            for row in services.permissions.list_(_target(services, path))
        ]
    run.show(rows)


def _named(services: Services, user: str | None, user_group: str | None) -> Subject:
    if user:
        return Subject(SubjectKind.USER, services.users.get(user).user_id)
    return Subject(SubjectKind.USER_GROUP, services.user_groups.get(user_group or "").user_group_id)


def _target(services: Services, path: str) -> Repository | RepositoryGroup | None:
    if path == "/":
        return None
    target = services.repositories.find(path) or services.repository_groups.find(path)
    if target is None:
        raise NotFoundError(f"There is no repository and no group {path}.")
    return target
