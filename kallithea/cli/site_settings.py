"""``kallithea setting``: what administrators change while the site runs. All else is in the .ini."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.settings import SiteSetting


@click.group("setting")
def setting() -> None:
    """Settings that change while the site runs."""


@setting.command("set")
@click.argument("name")
@click.argument("value")
@with_run
def set_(run: Run, name: str, value: str) -> None:
    """Give the setting NAME the VALUE, such as `visitors true`: what is granted to visitors then counts."""
    with run.writing() as services:
        services.settings.set_(COMMAND_LINE, name, value)
    run.done(f"{name} is {value}.", name=name, value=value)


@setting.command("list")
@with_run
def list_(run: Run) -> None:
    """All settings; a value that was never set is empty."""
    with run.reading() as services:
        rows = [{"name": name.value, "value": services.settings.get(name)} for name in SiteSetting]
    run.show(rows)
