"""``kallithea db-copy``."""

import json
import pathlib

import click

from kallithea.core.errors import NotFoundError, UnavailableError
from kallithea.core.ini import find_ini, read_ini
from kallithea.core.settings import SettingsError
from kallithea.model.engine import find_sqlite_file, open_engine, require_local_file
from kallithea.services.database_copy import TableSum, copy_database


@click.command("db-copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def copy(source: str, target: str, as_json: bool) -> None:
    """Copy the database FROM into the empty database TO, and compare them. Stop the site before.

    Each is an .ini, whose sqlalchemy.url is taken, or such an address itself; others on this machine can see a password
    in an address on the command line. Both databases may be SQLite, PostgreSQL or MariaDB.
    """
    source_url, target_url = _find_url(source), _find_url(target)
    require_local_file(target_url, "TO")
    file = find_sqlite_file(source_url)
    if file is not None and not file.exists():
        raise NotFoundError(f"There is no database {file} to copy.")
    read = open_engine(source_url)
    written = open_engine(target_url)
    try:
        _prepare_file(find_sqlite_file(target_url))
        sums = copy_database(read, written, _tell)
    finally:
        read.dispose()
        written.dispose()
    if as_json:
        tables = [{"table": one.name, "rows": one.rows, "sum": f"{one.digest:064x}"} for one in sums]
        click.echo(json.dumps({"tables": tables}))
        return
    rows = sum(one.rows for one in sums)
    click.echo(
        f"Copied and compared: {len(sums)} tables, {rows} rows. Next: set sqlalchemy.url in the .ini of the site."
    )


def _tell(done: TableSum) -> None:
    click.echo(f"{done.name}: {done.rows} rows", err=True)


def _find_url(named: str) -> str:
    if "://" in named:
        return named
    url = read_ini(find_ini(named)).application.get("sqlalchemy.url")
    if url is None:
        raise SettingsError(f"{named}: sqlalchemy.url is missing; production.ini.template explains it")
    return url


def _prepare_file(file: pathlib.Path | None) -> None:
    """An empty SQLite file that only its owner can read, as ``db-create`` makes it."""
    if file is None:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as problem:
        raise UnavailableError(f"{problem.filename} cannot be made or written: {problem.strerror}.") from problem
