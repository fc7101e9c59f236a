"""``kallithea token``: with what programs sign in instead of a password."""

import datetime
from collections.abc import Mapping

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.token_binding import find_paths, resolve_paths
from kallithea.services.tokens import Scope, find_binding


@click.group("token")
def token() -> None:
    """Tokens, with which programs sign in."""


@token.command("create")
@click.argument("user")
@click.option("--description", default="", help="What it is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may be used for; repeat it for several. Default: read and write.",
)
@click.option("--days", type=click.IntRange(1, 36500), help="Days after which it ends. Default: never.")
@click.option("--repository", "paths", multiple=True, metavar="PATH", help="Bind it to this; repeat it for several.")
@with_run
def create(
    run: Run, user: str, description: str, scopes: tuple[str, ...], days: int | None, paths: tuple[str, ...]
) -> None:
    """Make a token for USER and print it, once: it is used as the password of git and hg."""
    scopes = scopes or (Scope.READ, Scope.WRITE)
    expires = run.application.clock() + datetime.timedelta(days=days) if days else None
    with run.writing() as services:
        owner = services.users.get(user)
        bound = resolve_paths(services, services.permissions.viewer_for(owner), paths)
        made, text = services.tokens.create(
            COMMAND_LINE, owner, description=description, scopes=scopes, expires=expires, repositories=bound
        )
        number = made.token_id
    run.done(text, id=number, user=user, token=text, scopes=scopes, expires=expires, repositories=paths)


@token.command("list")
@click.argument("user")
@with_run
def list_(run: Run, user: str) -> None:
    """The tokens of USER."""
    with run.reading() as services:
        owner = services.users.get(user)
        tokens = services.tokens.list_(owner)
        bindings = {row.token_id: find_binding(row.repository_ids) for row in tokens}
        ids = {number for bound in bindings.values() for number in bound or ()}
        paths = find_paths(services, services.permissions.viewer_for(owner), ids)
        rows = [
            {
                "id": row.token_id,
                "description": row.description,
                "scopes": row.scopes,
                "created": row.created,
                "expires": row.expires,
                "used": row.used,
                "repositories": _name(bindings[row.token_id], paths),
            }
            for row in tokens
        ]
    run.show(rows)


@token.command("revoke")
@click.argument("user")
@click.argument("token_id", metavar="ID", type=int)
@with_run
def revoke(run: Run, user: str, token_id: int) -> None:
    """Delete the token of USER that `token list` shows with this ID."""
    with run.writing() as services:
        services.tokens.revoke(COMMAND_LINE, services.tokens.get(services.users.get(user), token_id))
    run.done(f"The token {token_id} is revoked.", id=token_id, user=user)


def _name(bound: frozenset[int] | None, paths: Mapping[int, str]) -> str:
    """The paths of what a token is bound to; what is gone or hidden from its user has its number instead."""
    return "all" if bound is None else " ".join(paths.get(number, f"_{number}") for number in sorted(bound))
