"""The same commands for ``paster``: ``paster setup-db kallithea.ini`` is ``kallithea db-create -c kallithea.ini``.

``paster make-config kallithea kallithea.ini`` and ``paster setup-app kallithea.ini`` are PasteScript's own commands;
they ask ``Installer``. ``paster serve`` is PasteScript's too.
"""

import pathlib
from typing import Any

from paste.script.appinstall import Installer as PasteInstaller
from paste.script.command import Command

from kallithea.cli.config import create_config, parse_assignment
from kallithea.cli.main import COMMANDS, main


class KallitheaCommand(Command):  # type: ignore[misc]  # PasteScript has no types
    """A ``paster`` command that is a ``kallithea`` command. A file name that ends in .ini names the settings."""

    group_name = "Kallithea"
    word = ""

    def run(self, args: list[str]) -> None:
        """Called by ``paster``. Ends the process with the command's exit code."""
        files = [argument for argument in args if argument.endswith(".ini") and not argument.startswith("-")]
        named = files[:1] if "-c" not in args else []
        others = [argument for argument in args if argument not in named]
        options = [option for file in named for option in ("-c", file)]
        main(args=[self.word, *others, *options], prog_name="kallithea")


class Installer(PasteInstaller):  # type: ignore[misc]  # PasteScript has no types
    """What ``paster make-config`` and ``paster setup-app`` do for Kallithea."""

    def write_config(self, command: Any, filename: str, vars: dict[str, Any]) -> None:  # noqa: A002 - PasteScript's word
        """Write a new .ini; the command's further arguments are KEY=VALUE."""
        create_config(pathlib.Path(filename), dict(parse_assignment(value) for value in command.args[2:]))

    def setup_config(self, command: Any, filename: str, section: str, vars: dict[str, Any]) -> None:  # noqa: A002
        """Make the tables of an empty database."""
        main(args=["db-create", "-c", filename], prog_name="kallithea")


def _command(word: str) -> type[KallitheaCommand]:
    return type(word, (KallitheaCommand,), {"word": word, "summary": COMMANDS[word][1], "__module__": __name__})


setup_db = _command("db-create")
db_create = setup_db
db_upgrade = _command("db-upgrade")
worker = _command("worker")
user = _command("user")
user_group = _command("user-group")
repository = _command("repository")
repository_group = _command("repository-group")
repo_scan = _command("repo-scan")
permission = _command("permission")
setting = _command("setting")
cache = _command("cache")
token = _command("token")
demo_create = _command("demo-create")
