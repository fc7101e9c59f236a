"""``kallithea config-create``: a new .ini from the template."""

import os
import pathlib
import secrets

import click

from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.settings import unknown_keys

_NAME = "production.ini.template"


@click.command("config-create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=pathlib.Path))
@click.argument("values", nargs=-1, metavar="[KEY=VALUE]...")
def create(file: pathlib.Path, values: tuple[str, ...]) -> None:
    """Write a new .ini with fresh secrets to FILE, which must not exist.

    Each KEY=VALUE sets a setting. In a value, %(here)s stands for the folder of FILE, and %% for a percent sign.
    """
    create_config(file, dict(parse_assignment(value) for value in values))
    click.echo(f"{file} is written. Next: kallithea db-create -c {file}")


def create_config(file: pathlib.Path, values: dict[str, str]) -> None:
    """Write a new .ini that only its owner can read. Raises ConflictError when there is such a file already."""
    text = fill_template(read_template(), _secrets() | values)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise ConflictError(f"{file} exists and was not changed. Edit it, or choose another name.") from problem
    except OSError as problem:
        raise NotFoundError(f"{file} cannot be written: {problem.strerror}.") from problem
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def read_template() -> str:
    """The template: beside this module in an installed package, at the top of a checkout otherwise."""
    installed = pathlib.Path(__file__).with_name(_NAME)
    path = installed if installed.exists() else pathlib.Path(__file__).parents[2] / _NAME
    return path.read_text(encoding="utf-8")


def fill_template(template: str, values: dict[str, str]) -> str:
    """The template with these values; a line that is commented out comes to life. Raises NotFoundError."""
    lines = template.splitlines()
    for key, value in values.items():
        number = next((at for at, line in enumerate(lines) if line.lstrip("#").startswith(f"{key} =")), None)
        if number is None:
            nearest = unknown_keys({key: value}).get(key)
            hint = f" Do you mean {nearest}?" if nearest else ""
            raise NotFoundError(f"There is no setting {key}.{hint}")
        lines[number] = f"{key} = {value}"
    return "\n".join(lines) + "\n"


def parse_assignment(argument: str) -> tuple[str, str]:
    """The two sides of KEY=VALUE."""
    key, separator, value = argument.partition("=")
    if not separator or "\n" in value:
        raise click.UsageError(f"'{argument}' is not of the form KEY=VALUE.")
    return key.strip(), value.strip()


def _secrets() -> dict[str, str]:
    return {"session.secret": secrets.token_hex(32)}
