"""``kallithea setting``: what administrators change while the site runs. All else is in the .ini."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.site_values import NAMES


@click.group("setting")
def setting() -> None:
    """Settings that change while the site runs."""


@setting.command("set")
@click.argument("name")
@click.argument("value")
@with_run
def set_(run: Run, name: str, value: str) -> None:
    """Give the setting NAME the VALUE, such as `visitors true`: what is granted to visitors then counts.

    Names that begin with "new-" are about repositories that are made from then on. What "list" shows can be set again.
    """
    with run.writing() as services:
        services.site_values.set_(COMMAND_LINE, name, value)
    run.done(f"{name} is {value}.", name=name, value=value)


@setting.command("get")
@click.argument("name")
@with_run
def get(run: Run, name: str) -> None:
    """What the setting NAME is, also where nobody has set it."""
    with run.reading() as services:
        value = services.site_values.get(name)
    run.done(value, name=name, value=value)


@setting.command("list")
@with_run
def list_(run: Run) -> None:
    """All settings, also those that nobody has set."""
    with run.reading() as services:
        rows = [{"name": name, "value": services.site_values.get(name)} for name in NAMES]
    run.show(rows)
