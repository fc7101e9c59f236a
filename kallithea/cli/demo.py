"""``kallithea demo-create``: two repositories to look at."""

import click

from kallithea.cli.demo_history import HISTORY
from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.repository_creation import create_repository
from kallithea.vcs.opener import open_repository, write_history
from kallithea.vcs.types import Kind, RefUpdate

GROUP = "demo"


@click.command("demo-create")
@click.option("--owner", metavar="USER", help="Account that administers them.")
@with_run
def create(run: Run, owner: str | None) -> None:
    """Put in the repositories demo/git and demo/hg, with the same history. What is there already is left alone."""
    with run.writing() as services:
        owned_by = services.users.get(owner) if owner else None
        if services.repository_groups.find(GROUP) is None:
            services.repository_groups.create(
                COMMAND_LINE, None, path=GROUP, description="Repositories to look at and to play with", owner=owned_by
            )
        owner_id = owned_by.user_id if owned_by else None
        missing = [kind for kind in Kind if services.repositories.find(_path(kind)) is None]
    for kind in missing:
        _create(run, kind, owner_id)
    made = [_path(kind) for kind in missing]
    run.done(f"Made: {', '.join(made) or 'nothing, both are there'}.", made=made)


def _create(run: Run, kind: Kind, owner_id: int | None) -> None:
    repository_id = create_repository(
        run.application,
        COMMAND_LINE,
        None,
        kind=kind,
        path=_path(kind),
        owner_id=owner_id,
        description="Tells when the water is high",
    )
    with run.reading() as services:
        folder = services.repositories.folder(services.repositories.get_by_id(repository_id))
    options = run.application.vcs_options
    with open_repository(kind, folder, options) as repository:
        before = repository.state().refs
    write_history(kind, folder, HISTORY, options)
    with open_repository(kind, folder, options) as repository:
        state = repository.state()
    updates = [
        RefUpdate(name, before.get(name), value) for name, value in state.refs.items() if before.get(name) != value
    ]
    with run.writing() as services:
        services.pushes.record(services.pushes.announce(COMMAND_LINE, repository_id, updates), updates, state)


def _path(kind: Kind) -> str:
    return f"{GROUP}/{kind.value}"
