"""The ``kallithea`` command. A command's module is imported when that command is used, so that each starts fast."""

import contextlib
import gc
import importlib
from collections.abc import Iterator
from typing import Any

import click

from kallithea.core.errors import KallitheaError
from kallithea.vcs.types import VcsError

#: Each command: the module and name of what runs it, and its line in the list of commands.
COMMANDS = {
    "config-create": ("config:create", "Write a new .ini with fresh secrets."),
    "db-create": ("database:create", "Make the tables, and an administrator."),
    "db-upgrade": ("database:upgrade", "Bring the tables of an earlier version up to date."),
    "db-copy": ("database_copy:copy", "Move a site from one database to another, of any engine."),
    "serve": ("serve:serve", "Run the web server, and the worker with it."),
    "worker": ("worker:work", "Run the worker alone, for other ways to serve."),
    "job": ("jobs:job", "What runs in the background, waits, and has failed."),
    "celery-run": ("celery_run:celery_run", "Run Celery's workers, where the .ini has use_celery = true."),
    "relay": ("relay:relay", "Hand jobs over to Celery's workers; what `kallithea worker` does with use_celery."),
    "user": ("users:user", "Accounts."),
    "user-group": ("user_groups:user_group", "Groups of accounts."),
    "repository": ("repositories:repository", "Repositories."),
    "repository-group": ("repository_groups:repository_group", "Groups of repositories."),
    "repo-scan": ("repository_scan:scan", "Import what lies in the repository folder."),
    "index-create": ("search_index:index_create", "Bring the search index up to date, or make it anew."),
    "upkeep": ("upkeep:upkeep", "Do now what repositories need from time to time."),
    "permission": ("permissions:permission", "Who may do what."),
    "allowance": ("allowances:allowance", "What people may make on the whole site."),
    "setting": ("site_settings:setting", "Settings that change while the site runs."),
    "allow-list": ("allow_lists:allow_list", "From which networks people may come."),
    "cache": ("cache:cache", "What pages are made from, kept to be quick."),
    "token": ("tokens:token", "Tokens, with which programs sign in."),
    "audit": ("audit:audit", "Who changed what."),
    "demo-create": ("demo:create", "Put in two repositories to look at."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by ``COMMANDS`` alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or answer None."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        with _without_collections():
            command: click.Command = getattr(importlib.import_module(f"kallithea.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What the program foresees ends in words and exit code 1, not in a traceback."""
        try:
            return super().invoke(ctx)
        except (KallitheaError, VcsError) as problem:
            raise click.ClickException(_words(problem)) from problem


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """What is imported stays: looking for garbage among it would take a tenth of a command's time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _words(problem: Exception) -> str:
    """What pages say of it, and for the people who run the site what the database's driver said."""
    said = getattr(problem.__cause__, "orig", None)
    return str(problem) if said is None or str(said) in str(problem) else f"{problem} ({said})"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kallithea")
def main() -> None:
    """Host Git and Mercurial repositories.

    Commands that need an .ini take it from -c FILE, else from KALLITHEA_INI, else it is the only one in this folder.
    Exit codes: 0 done, 1 refused or failed, in words, 2 wrong use.
    """
