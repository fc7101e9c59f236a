"""``kallithea repository``: repositories."""

import click

from kallithea.cli.repository_groups import TRUSTED
from kallithea.cli.repository_pull import pull
from kallithea.cli.repository_recount import recount
from kallithea.cli.repository_restore import deleted, restore
from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.landing import parse_landing
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_settings import RepositoryChange
from kallithea.vcs.types import Kind


@click.group("repository")
def repository() -> None:
    """Repositories."""


@repository.command("create")
@click.argument("path")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), required=True)
@click.option("--owner", metavar="USER", help="Account that administers the repository.")
@click.option("--private", is_flag=True, help="Give nothing to visitors and to signed-in accounts in general.")
@click.option("--description", default="")
@with_run
def create(run: Run, path: str, kind: str, owner: str | None, private: bool, description: str) -> None:
    """Make the empty repository PATH, such as tools/editor; the group around it must exist."""
    owner_id = None
    if owner:
        with run.reading() as services:
            owner_id = services.users.get(owner).user_id
    create_repository(
        run.application,
        COMMAND_LINE,
        None,
        kind=Kind(kind),
        path=path,
        owner_id=owner_id,
        description=description,
        private=private,
    )
    run.done(f"The repository {path} is made.", path=path, kind=kind)


@repository.command("list")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]))
@with_run
def list_(run: Run, kind: str | None) -> None:
    """All repositories."""
    chosen = Kind(kind) if kind else None
    with run.reading() as services:
        rows = [
            {"path": row.path, "kind": row.kind, "private": row.private, "owner": row.owner}
            for row in all_pages(
                lambda offset, limit: (
                    services.repository_lists.list_(TRUSTED, kind=chosen, offset=offset, limit=limit).rows
                )
            )
        ]
    run.show(rows)


@repository.command("update")
@click.argument("path")
@click.option("--move-to", metavar="PATH", help="The new path, of which the group must exist. The folder stays.")
@click.option("--owner", metavar="USER", help="Account that administers the repository.")
@click.option("--description")
@click.option("--private/--not-private", default=None, help="Give nothing to visitors and to signed-in accounts.")
@click.option("--landing-revision", metavar="NAME", help="What pages begin with; '' for the repository's own default.")
@click.option("--downloads/--no-downloads", default=None, help="Whether there are archives.")
@click.option("--statistics/--no-statistics", default=None, help="Whether the summary shows activity and contributors.")
@click.option(
    "--publishing/--not-publishing", default=None, help="Mercurial: whether changesets that are pushed become public."
)
@with_run
def update(  # noqa: PLR0913  # each is one setting
    run: Run,
    path: str,
    move_to: str | None,
    owner: str | None,
    description: str | None,
    private: bool | None,
    landing_revision: str | None,
    downloads: bool | None,
    statistics: bool | None,
    publishing: bool | None,
) -> None:
    """Change settings of the repository PATH; those that are not named stay as they are."""
    group, _, name = move_to.rpartition("/") if move_to is not None else (None, "", None)
    with run.reading() as services:
        row = services.repositories.get(path)
        landing = parse_landing(services, row, landing_revision) if landing_revision is not None else None
    change = RepositoryChange(name, group, owner, description, private, landing, downloads, statistics, publishing)
    with run.writing() as services:
        row = services.repository_settings.update(COMMAND_LINE, None, row.repository_id, change)
        new_path = row.path
    run.done(f"The settings of {new_path} are saved.", path=new_path)


@repository.command("delete")
@click.argument("path")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_run
def delete(run: Run, path: str, yes: bool) -> None:
    """Delete the repository PATH. It can be restored for 30 days."""
    with run.reading() as services:
        services.repositories.get(path)
    if not yes:
        click.confirm(f"Delete the repository {path}?", abort=True, err=True)
    with run.writing() as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get(path))
    run.done(f"The repository {path} is deleted.", path=path)


repository.add_command(pull)
repository.add_command(recount)
repository.add_command(deleted)
repository.add_command(restore)
