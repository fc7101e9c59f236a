"""``kallithea permission``: who may do what."""

import pathlib
from dataclasses import asdict

import click

from kallithea.cli.csv_output import write_table
from kallithea.cli.run import Run, with_run
from kallithea.core.access import SIGNED_IN, VISITORS, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import NotFoundError
from kallithea.core.explanation import PlaceKind
from kallithea.services.access_export import COLUMNS, list_access
from kallithea.services.access_reports import NamedMembership, NamedSource
from kallithea.services.permissions import ALL_USER_GROUPS, Target
from kallithea.services.scope import Services

_INHERIT = "inherit"
_LEVELS = [*(level.word for level in Level), _INHERIT]
_SITE, _USER_GROUP = "/", "user-group:"


@click.group("permission")
def permission() -> None:
    """Who may do what.

    PATH is a repository or group, "/" the whole site, "user-group:NAME" a group of users, "user-group:/" all of these.
    """


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
    """Give LEVEL on PATH: a repository or group, / for the whole site, user-group:NAME, user-group:/ for all of these.

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


@permission.command("why")
@click.argument("words", nargs=-1, metavar="[USER] PATH")
@click.option("--visitor", is_flag=True, help="Ask about somebody who is not signed in, instead of an account.")
@with_run
def why(run: Run, words: tuple[str, ...], visitor: bool) -> None:
    """Why USER has the level that they have on PATH, which is written as for "set".

    Of each thing that gives a level: where it is, what it gives, whether it decides, and the level without it.
    """
    if len(words) != (1 if visitor else 2):
        raise click.UsageError("Name an account and a path, or use --visitor and name a path.")
    *users, path = words
    user = users[0] if users else None
    with run.reading() as services:
        account = None if user is None else services.users.get(user)
        report = services.access_reports.explain(account, _target(services, path))
    if run.as_json:
        run.done("", user=user, path=path, **asdict(report))
        return
    name = "A visitor" if account is None else account.name
    disabled = "" if account is None or account.active else ", whose account is disabled,"
    click.echo(f"{name}{disabled} has {report.level.word} on {path}.")
    run.show([*map(_source_row, report.sources), *map(_membership_row, report.memberships)])


@permission.command("export")
@click.option("--output", type=click.Path(path_type=pathlib.Path, dir_okay=False), help="Write to this file.")
@with_run
def export(run: Run, output: pathlib.Path | None) -> None:
    """Everything that everybody may do, as comma-separated values.

    The columns are who, type, path, private, level and because. A level below read gives no line.
    """
    rows = ((row.who, row.type, row.path, row.private, row.level, row.because) for row in list_access(run.application))
    count = write_table(output, COLUMNS, rows)
    if output is not None:
        run.done(f"{output} has {count} lines.", output=str(output), lines=count)


def _source_row(source: NamedSource) -> dict[str, object]:
    what = source.kind.value if source.subject is None else _words(source.subject, source.name)
    return {
        "what": what,
        "on": _where(source.place, source.path),
        "gives": source.level,
        "effect": "reaches all below" if source.reaches and source.subject else source.effect,
        "without_it": source.without,
    }


def _where(kind: PlaceKind, path: str) -> str:
    """The place as PATH has it."""
    prefix = _USER_GROUP if kind in (PlaceKind.USER_GROUP, PlaceKind.USER_GROUPS) else ""
    return prefix + (path or _SITE)


def _membership_row(membership: NamedMembership) -> dict[str, object]:
    visitors = membership.subject is SubjectKind.VISITORS
    what = "visitors are admitted" if visitors else f"member of {membership.name}"
    return {"what": what, "on": "", "gives": None, "effect": "", "without_it": membership.without}


def _words(kind: SubjectKind, name: str) -> str:
    return f"{kind}:{name}" if name else kind.value


def _named(services: Services, user: str | None, user_group: str | None) -> Subject:
    if user:
        return Subject(SubjectKind.USER, services.users.get(user).user_id)
    return Subject(SubjectKind.USER_GROUP, services.user_groups.get(user_group or "").user_group_id)


def _target(services: Services, path: str) -> Target:
    if path.startswith(_USER_GROUP):
        name = path.removeprefix(_USER_GROUP)
        return ALL_USER_GROUPS if name == _SITE else services.user_groups.get(name)
    if path == _SITE:
        return None
    target = services.repositories.find(path) or services.repository_groups.find(path)
    if target is None:
        raise NotFoundError(f"There is no repository and no group {path}.")
    return target
