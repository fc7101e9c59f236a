"""``kallithea repository pull``: what is new where a repository comes from."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.escapes import escape_bytes
from kallithea.services.remote_pulls import describe_report, pull_repository
from kallithea.vcs.remote import Amount, RemoteStep


class _Printer:
    """Shows on the error stream what happens."""

    def begin(self, step: RemoteStep) -> None:
        """A step begins."""
        click.echo(f"{step.value} ...", err=True)

    def count(self, amount: Amount) -> None:
        """Nothing: git and hg say enough of themselves."""

    def say(self, line: str, *, warning: bool = False) -> None:
        """A line of the log."""
        click.echo(f"{'warning: ' if warning else ''}{line}", err=True)

    def tick(self) -> None:
        """Nothing."""


@click.command("pull")
@click.argument("path")
@with_run
def pull(run: Run, path: str) -> None:
    """Add to the repository PATH what is new where it comes from. Nothing that is only here goes away."""
    with run.reading() as services:
        repository_id = services.repositories.get(path).repository_id
    report = pull_repository(run.application, COMMAND_LINE, repository_id, _Printer())
    run.done(
        "\n".join(describe_report(report)),
        updated=[escape_bytes(name) for name in report.updated],
        left={escape_bytes(name): str(words) for name, words in report.left},
    )
