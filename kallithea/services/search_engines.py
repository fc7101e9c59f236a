"""The engine that the settings name."""

from kallithea.core.settings import Settings, SettingsError
from kallithea.search.engine import SearchEngine
from kallithea.search.sqlite_engine import SqliteEngine, find_network_file_system


def open_search(settings: Settings) -> SearchEngine | None:
    """The engine, which touches nothing yet; None where there shall be none. Raises SettingsError."""
    folder = settings.index_dir or settings.cache_dir / "index"
    if settings.index_backend == "none":
        return None
    kind = find_network_file_system(folder)
    if kind is not None:
        raise SettingsError(
            f"index_dir = {folder}: this lies on a network file system ({kind}), on which SQLite's files can"
            " be damaged. Name a folder on a disk of this machine, or set index.backend to another engine."
        )
    return SqliteEngine(folder)
