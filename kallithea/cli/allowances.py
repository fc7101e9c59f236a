"""``kallithea allowance``: what people may make on the whole site."""

from collections.abc import Callable, Collection

import click

from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.access import SIGNED_IN, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services.scope import Services

_NAMES = click.Choice([one.value for one in Allowance])


@click.group("allowance")
def allowance() -> None:
    """What people may make on the whole site: repositories and groups at its top, forks, groups of users.

    A person may make what is allowed to them, to one of their groups, or to all signed-in accounts.
    """


def _subject_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--signed-in", is_flag=True, help="For every active account.")(command)
    command = click.option("--user-group", metavar="NAME", help="For every active account in this group.")(command)
    return click.option("--user", metavar="NAME", help="For this account.")(command)


@allowance.command("give")
@_subject_options
@click.argument("names", nargs=-1, required=True, type=_NAMES, metavar="ALLOWANCE...")
@with_run
def give(run: Run, names: tuple[str, ...], user: str | None, user_group: str | None, signed_in: bool) -> None:
    """Allow each ALLOWANCE: create-repositories, create-repository-groups, fork, create-user-groups."""
    _change(run, (user, user_group, signed_in), lambda before: before | _parse(names))


@allowance.command("take")
@_subject_options
@click.argument("names", nargs=-1, required=True, type=_NAMES, metavar="ALLOWANCE...")
@with_run
def take(run: Run, names: tuple[str, ...], user: str | None, user_group: str | None, signed_in: bool) -> None:
    """Allow each ALLOWANCE no longer. Who is allowed it otherwise, by a group or with everybody, still is."""
    _change(run, (user, user_group, signed_in), lambda before: before - _parse(names))


@allowance.command("list")
@with_run
def list_(run: Run) -> None:
    """What is allowed to all signed-in accounts, and to each account and group of users."""
    with run.reading() as services:
        allowances = services.allowances
        everybody = allowances.given_to(SIGNED_IN)
        rows = [{"subject": SubjectKind.SIGNED_IN, "name": "", "allowed": _words(everybody)}]
        rows += [
            {"subject": row.subject.kind, "name": row.name, "allowed": _words(row.allowances)}
            for row in all_pages(lambda offset, limit: allowances.list_(offset=offset, limit=limit)[0])
        ]
    run.show(rows)


@allowance.command("why")
@click.argument("user")
@with_run
def why(run: Run, user: str) -> None:
    """What USER may make, and as whom they are allowed it."""
    with run.reading() as services:
        reports = services.allowances.explain(services.permissions.viewer_for(services.users.get(user)))
    rows = [
        {
            "allowance": report.allowance,
            "allowed": report.allowed,
            "because": (
                *(["administrator"] if report.by_level else []),
                *(f"{kind}:{name}" if name else kind.value for kind, name in report.givers),
            ),
        }
        for report in reports
    ]
    run.show(rows)


def _change(
    run: Run,
    chosen: tuple[str | None, str | None, bool],
    change: Callable[[frozenset[Allowance]], frozenset[Allowance]],
) -> None:
    with run.writing() as services:
        subject, name = _find_subject(services, *chosen)
        after = change(services.allowances.given_to(subject))
        services.allowances.replace_(COMMAND_LINE, subject, None, after)
    words = _words(after)
    run.done(f"Allowed to {name}: {', '.join(words) or 'nothing'}.", subject=subject.kind, name=name, allowed=words)


def _find_subject(services: Services, user: str | None, user_group: str | None, signed_in: bool) -> tuple[Subject, str]:
    if [bool(user), bool(user_group), signed_in].count(True) != 1:
        raise click.UsageError("Name exactly one: --user, --user-group or --signed-in.")
    if user:
        return Subject(SubjectKind.USER, services.users.get(user).user_id), user
    if user_group:
        return Subject(SubjectKind.USER_GROUP, services.user_groups.get(user_group).user_group_id), user_group
    return SIGNED_IN, "signed-in accounts"


def _parse(names: Collection[str]) -> frozenset[Allowance]:
    return frozenset(map(Allowance, names))


def _words(allowances: Collection[Allowance]) -> tuple[str, ...]:
    return tuple(one.value for one in Allowance if one in allowances)
