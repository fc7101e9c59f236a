"""What the commands share: the .ini they run with, units of work, and output as text or JSON."""

import contextlib
import dataclasses
import datetime
import enum
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, TypeVar

import click

from kallithea.core.access import Level
from kallithea.core.errors import NotFoundError
from kallithea.core.ini import Ini, find_ini, read_ini
from kallithea.core.settings import Settings, describe_unknown_keys, parse_settings
from kallithea.migrations.schema import require_usable
from kallithea.model.engine import find_sqlite_file
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.work import open_application, reading, writing

_Command = TypeVar("_Command", bound=Callable[..., None])
_Row = TypeVar("_Row")

_PAGE = 500


class Run:
    """One run of a command."""

    def __init__(self, ini: Ini, *, as_json: bool) -> None:
        self.ini = ini
        self.as_json = as_json
        self._resources = contextlib.ExitStack()

    @cached_property
    def settings(self) -> Settings:
        """Typed settings of the .ini; tells of keys that mean nothing. Raises SettingsError."""
        for sentence in describe_unknown_keys(self.ini.application):
            click.echo(sentence, err=True)
        return parse_settings(self.ini.application)

    @cached_property
    def unchecked_application(self) -> Application:
        """The application, whatever state its database is in."""
        application = open_application(self.settings)
        self._resources.callback(application.close)
        return application

    @cached_property
    def application(self) -> Application:
        """The application. Raises when its database has no tables, or such as this program cannot use."""
        require_database_file(self.settings)
        require_usable(self.unchecked_application.engine)
        return self.unchecked_application

    @cached_property
    def waiting_application(self) -> Application:
        """The application of a process that stays: it works as soon as its database has tables that it can use."""
        require_database_file(self.settings)
        self.unchecked_application.owed_check.begin()
        return self.unchecked_application

    def reading(self) -> AbstractContextManager[Services]:
        """A unit of work that only reads."""
        return reading(self.application)

    def writing(self) -> AbstractContextManager[Services]:
        """A unit of work that commits at its end."""
        return writing(self.application)

    def done(self, text: str, **facts: object) -> None:
        """Tell what was done: the text, or the facts as a JSON object."""
        click.echo(json.dumps(_plain(facts)) if self.as_json else text)

    def show(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Rows with the same keys, as aligned columns or as a JSON list."""
        if self.as_json:
            click.echo(json.dumps([_plain(row) for row in rows], indent=1))
            return
        for line in _columns(rows):
            click.echo(line)

    def close(self) -> None:
        """Return the database's connections."""
        self._resources.close()


def require_database_file(settings: Settings) -> None:
    """Say what to do where SQLite has no database yet: to ask it would make an empty one. Raises NotFoundError."""
    file = find_sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        raise NotFoundError(f"There is no database {file} yet. Run `kallithea db-create -c FILE` with this .ini.")


def config_option(function: _Command) -> _Command:
    """Give the command the option ``-c``, for ``find_ini``."""
    return click.option("-c", "--config", "config", metavar="FILE", help="The .ini to work with.")(function)


def with_run(function: _Command) -> _Command:
    """Give the command the options ``-c`` and ``--json``, and a Run as its first argument."""

    @config_option
    @click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
    @functools.wraps(function)
    def command(*args: Any, config: str | None, as_json: bool, **options: Any) -> None:
        run = Run(read_ini(find_ini(config)), as_json=as_json)
        try:
            function(run, *args, **options)
        finally:
            run.close()

    return command  # type: ignore[return-value]


def show_progress(percent: int, step: str) -> None:
    """Say how far a job is."""
    if step:
        click.echo(f"{percent:3} %  {step}", err=True)


def all_pages(fetch: Callable[[int, int], Sequence[_Row]]) -> Iterator[_Row]:
    """Everything that a paged list holds; ``fetch`` is called with offset and limit."""
    offset = 0
    while page := fetch(offset, _PAGE):
        yield from page
        offset += len(page)


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    if not rows:
        return []
    table = [[name.replace("_", " ") for name in rows[0]]]
    table.extend([_word(value) for value in row.values()] for row in rows)
    widths = [max(len(line[number]) for line in table) for number in range(len(table[0]))]
    return ["  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in table]


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, tuple):
        return ", ".join(_word(item) for item in value)
    return str(_plain(value))


def _plain(value: object) -> Any:
    """As JSON knows it."""
    if isinstance(value, Level):
        return value.word
    if isinstance(value, enum.StrEnum):
        return value.value
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    return value
