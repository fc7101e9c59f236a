"""The engine that the settings name."""

import importlib
from typing import cast

from kallithea.core.file_systems import find_network_file_system
from kallithea.core.settings import Settings, SettingsError
from kallithea.model.engine import find_postgresql
from kallithea.search.engine import SearchEngine
from kallithea.search.sqlite_engine import SqliteEngine
from kallithea.services.index_turns import IndexTurns


def open_search(settings: Settings, turns: IndexTurns) -> SearchEngine | None:
    """The engine, which touches nothing yet; None where there shall be none. Raises SettingsError.

    ``turns`` are for an engine that has one writer.
    """
    match settings.index_backend:
        case "none":
            return None
        case "postgresql":
            return _open_postgresql(settings)
        case "whoosh":
            return _open_whoosh(settings, turns)
        case _:
            return _open_sqlite(settings)


def _open_postgresql(settings: Settings) -> SearchEngine:
    address = find_postgresql(settings.database_url)
    if address is None:
        raise SettingsError(
            "index.backend = postgresql: the index would lie in the database of sqlalchemy.url, which is none of"
            " PostgreSQL. Set index.backend to sqlite, or have the site's database in PostgreSQL."
        )
    # its driver is only installed where such a database is used
    module = importlib.import_module("kallithea.search.postgresql_engine")
    return cast(SearchEngine, module.PostgresqlEngine(address))


def _open_whoosh(settings: Settings, turns: IndexTurns) -> SearchEngine:
    if settings.index_dir is None:
        raise SettingsError(
            "index.backend = whoosh: index_dir is missing. Name a folder that all machines of the site share."
        )
    try:
        module = importlib.import_module("kallithea.search.whoosh_engine")
    except ModuleNotFoundError as problem:
        raise SettingsError(
            "index.backend = whoosh: Whoosh is not installed. Install it with pip install 'kallithea[whoosh]'."
        ) from problem
    # beside what another engine may have there
    return cast(SearchEngine, module.WhooshEngine(settings.index_dir / "whoosh", turns))


def _open_sqlite(settings: Settings) -> SearchEngine:
    folder = settings.index_dir or settings.cache_dir / "index"
    kind = find_network_file_system(folder)
    if kind is not None:
        raise SettingsError(
            f"index_dir = {folder}: this lies on a network file system ({kind}), on which SQLite's files can"
            " be damaged. Name a folder on a disk of this machine, or set index.backend to another engine."
        )
    return SqliteEngine(folder)
