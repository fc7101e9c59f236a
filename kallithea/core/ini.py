"""Reading an .ini without starting the web application that it describes.

The rules are those of PasteDeploy: ``[DEFAULT]`` is part of every section, ``%(here)s`` is the folder of the file,
``set KEY`` in a section replaces a value of ``[DEFAULT]`` and ``get KEY = NAME`` takes one over. PasteDeploy itself
would import the application to answer.
"""

import configparser
import os
import pathlib
from dataclasses import dataclass

from kallithea.core.settings import SettingsError

#: Environment variable that names the .ini where ``-c`` does not.
VARIABLE = "KALLITHEA_INI"


@dataclass(frozen=True)
class Ini:
    """An .ini: the values of the application and those of ``[server:main]`` alone, as text.

    ``logging`` says whether it has sections about logging.
    """

    path: pathlib.Path
    application: dict[str, str]
    server: dict[str, str]
    logging: bool


def find_ini(named: str | None) -> pathlib.Path:
    """The .ini to use: the named one, else that of ``KALLITHEA_INI``, else the only one in the current folder.

    ``development.ini`` must be named. Raises SettingsError when there is none, or more than one to choose from.
    """
    chosen = named or os.environ.get(VARIABLE)
    if chosen:
        path = pathlib.Path(chosen).absolute()
        if not path.is_file():
            raise SettingsError(f"There is no file {path}. `kallithea config-create {chosen}` makes one.")
        return path
    found = sorted(path for path in pathlib.Path.cwd().glob("*.ini") if path.name != "development.ini")
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found)
    here = f"This folder has several .ini files ({names})" if found else "This folder has no .ini file"
    raise SettingsError(f"{here}. Name the one to use: -c FILE, or {VARIABLE}=FILE in the environment.")


def read_ini(path: pathlib.Path) -> Ini:
    """The values of an .ini. Raises SettingsError when the file cannot be read as one."""
    parser = configparser.ConfigParser(defaults=places(path))
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys are case-sensitive
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        section = _application_section(parser)
        if section is None:
            raise SettingsError(f"{path} has no section [app:main]; production.ini.template shows one.")
        application = _resolved(dict(parser[section]), dict(parser.defaults()))
        return Ini(path, application, _server(parser), parser.has_section("loggers"))
    except (configparser.Error, UnicodeDecodeError, OSError) as problem:
        raise SettingsError(f"{path} cannot be read: {problem}") from problem


def places(path: pathlib.Path) -> dict[str, str]:
    """The two names that every value may refer to, with ``%`` doubled as in all values."""
    return {"here": str(path.parent).replace("%", "%%"), "__file__": str(path).replace("%", "%%")}


def _application_section(parser: configparser.ConfigParser) -> str | None:
    """``[app:main]``; where that is missing because ``main`` is a pipeline, the only other application."""
    sections = [section for section in parser.sections() if section.startswith("app:")]
    if "app:main" in sections:
        return "app:main"
    return sections[0] if len(sections) == 1 else None


def _server(parser: configparser.ConfigParser) -> dict[str, str]:
    if not parser.has_section("server:main"):
        return {}
    return {key: value for key, value in parser["server:main"].items() if key not in parser.defaults()}


def _resolved(values: dict[str, str], defaults: dict[str, str]) -> dict[str, str]:
    resolved = {key: value for key, value in values.items() if not key.startswith(("get ", "set "))}
    for key, value in values.items():
        if key.startswith("set "):
            resolved[key.removeprefix("set ").strip()] = value
    for key, value in values.items():
        if key.startswith("get "):
            resolved[key.removeprefix("get ").strip()] = resolved.get(value, defaults.get(value, ""))
    return resolved
