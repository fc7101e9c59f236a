"""``kallithea db-create`` and ``db-upgrade``."""

import click
from sqlalchemy import Engine

from kallithea.auth.passwords import hash_password
from kallithea.cli.passwords import choose_password, password_options
from kallithea.cli.run import Run, require_database_file, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, UnavailableError
from kallithea.core.names import parse_email, parse_user_name
from kallithea.migrations.schema import is_half_made, require_tables, schema_exists
from kallithea.migrations.upgrade import create_schema, upgrade_schema
from kallithea.model.engine import find_sqlite_file


@click.command("db-create")
@click.option("--user", metavar="NAME", help="Also make this administrator.")
@click.option("--email", help="The administrator's address.")
@password_options
@click.option("--if-missing", is_flag=True, help="Make only what is missing: tables, and an account if there is none.")
@with_run
def create(
    run: Run, user: str | None, email: str | None, password: str | None, generate_password: bool, if_missing: bool
) -> None:
    """Make the tables in an empty database, and the first administrator if one is named."""
    prepare_folders(run)
    engine = run.unchecked_application.engine
    if schema_exists(engine):
        if not if_missing:
            raise ConflictError("The database has tables already. `kallithea db-upgrade` brings them up to date.")
        # whoever made the tables may have been stopped in the midst of it, or before the administrator was made
        _complete_schema(engine)
        if user is None or _has_accounts(run):
            return
    chosen = None
    if user is not None:
        parse_user_name(user, "user")
        if email is not None:
            parse_email(email)
        chosen = choose_password(password, generate=generate_password)
    if not schema_exists(engine):
        create_schema(engine)
    if user is None or chosen is None:
        run.done("The database is ready. Next: kallithea user create NAME --administrator", created=True)
        return
    password_hash = hash_password(chosen)
    with run.writing() as services:
        services.users.create(
            COMMAND_LINE, name=user, password_hash=password_hash, email=email, super_administrator=True
        )
    shown = {"password": chosen} if generate_password else {}
    words = f", password: {chosen}" if generate_password else ""
    run.done(f"The database is ready. Administrator: {user}{words}", created=True, user=user, **shown)


@click.command("db-upgrade")
@with_run
def upgrade(run: Run) -> None:
    """Bring the tables of an earlier version up to date.

    Make a backup first. The site may go on running meanwhile; restart it afterwards, one machine after the other.
    """
    require_database_file(run.settings)
    engine = run.unchecked_application.engine
    require_tables(engine)
    upgrade_schema(engine)
    run.done("The database is up to date.", upgraded=True)


def _complete_schema(engine: Engine) -> None:
    if is_half_made(engine):
        upgrade_schema(engine)


def _has_accounts(run: Run) -> bool:
    with run.reading() as services:
        return services.users.count() > 0


def prepare_folders(run: Run) -> None:
    """Make the folders that the settings name, and an empty SQLite file that only its owner can read."""
    file = find_sqlite_file(run.settings.database_url)
    try:
        run.settings.repository_folder.mkdir(parents=True, exist_ok=True)
        run.settings.cache_dir.mkdir(parents=True, exist_ok=True)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            # hashes of passwords and addresses of people are in it; SQLite gives its further files the same rights
            file.touch(mode=0o600)
    except OSError as problem:
        raise UnavailableError(f"{problem.filename} cannot be made or written: {problem.strerror}.") from problem
