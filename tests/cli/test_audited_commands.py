"""Nothing that matters changes by a command without a row in the audit log."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from kallithea.cli.main import COMMANDS as MODULES
from kallithea.core.ini import read_ini
from kallithea.core.jobs import CleanUp
from kallithea.core.settings import parse_settings
from kallithea.model.outbox import OutboxJob
from kallithea.services.work import open_application, writing
from kallithea.vcs.types import Kind
from tests.cli.conftest import Kallithea, done, rows
from tests.factories.repositories import make_builder

#: Every command that changes something, in an order in which all of it can be done, and the action that is noted.
NOTED: dict[str, tuple[str, str]] = {
    "user create": ("user.create", "bob --generate-password"),
    "user update": ("user.update", "bob --first-name Bob"),
    "user password": ("user.set-password", "bob --generate-password"),
    "user forgive": ("user.forgive", "bob"),
    "user disable": ("user.disable", "bob"),
    "user enable": ("user.enable", "bob"),
    "user-group create": ("user-group.create", "crew"),
    "user-group add": ("user-group.add", "crew bob"),
    "user-group remove": ("user-group.remove", "crew bob"),
    "user-group update": ("user-group.update", "crew --description x"),
    "repository-group create": ("repository-group.create", "a"),
    "repository-group update": ("repository-group.update", "a --description x"),
    "repository-group delete": ("repository-group.delete", "a --yes"),
    "repository create": ("repository.create", "r --kind git"),
    "repository update": ("repository.update", "r --description x"),
    "permission set": ("permission.set", "--user bob read r"),
    "repository delete": ("repository.delete", "r --yes"),
    "repository restore": ("repository.restore", "r"),
    "allowance give": ("permission.allow", "--user bob fork"),
    "allowance take": ("permission.allow", "--user bob fork"),
    "setting set": ("setting.set", "visitors true"),
    "allow-list set": ("setting.set-networks", "192.0.2.0/24"),
    "token create": ("token.create", "bob"),
    "token revoke": ("token.revoke", "bob 1"),
    "user-group delete": ("user-group.delete", "crew"),
    "user delete": ("user.delete", "bob"),
    "demo-create": ("repository.create", ""),
    "repo-scan": ("repository.create", ""),
    "job cancel": ("job.cancel", "{job}"),
    "job delete": ("job.delete", "{job}"),
    "job retry": ("job.retry", "{job}"),
    "audit delete": ("audit.delete", "--before 2999-01-01"),
}

#: Commands that change nothing of which the log tells, with why.
NOT_NOTED = {
    "config-create": "writes a file of the operator's",
    "db-create": "makes the tables; the administrator that it makes is noted as user.create",
    "db-copy": "changes where data is stored, not the data",
    "db-upgrade": "changes how data is stored, not the data",
    "serve": "what it does for others is noted there",
    **dict.fromkeys(("relay", "celery-run"), "what they do for others is noted there"),
    "worker": "what it does for others is noted there",
    "upkeep": "changes how repositories are stored, not what is in them",
    "cache clear": "what can be made again",
    "index-create": "what can be made again",
    "repository recount": "asks for a job, which makes what can be made again",
    "repository pull": "asks for a job, whose commits are in the journal like those of a push",
    "user sign-out": "noted where there are sessions: see the tests of the service",
    **dict.fromkeys(
        (
            "user list",
            "user-group list",
            "repository list",
            "repository deleted",
            "repository-group list",
            "permission list",
            "permission why",
            "permission export",
            "allowance list",
            "allowance why",
            "setting get",
            "setting list",
            "allow-list show",
            "cache list",
            "token list",
            "audit list",
            "job list",
            "job show",
        ),
        "only looks",
    ),
}


#: In which state a job has to be.
_STATES = {"job cancel": "waiting", "job delete": "done", "job retry": "failed"}


def _make_job(folder: Path, state: str) -> int:
    """The id of a job in this state."""
    application = open_application(parse_settings(read_ini(folder / "site.ini").application))
    try:
        with writing(application) as services:
            services.outbox.add(CleanUp())
            row = services.session.scalars(select(OutboxJob).order_by(OutboxJob.outbox_id.desc()).limit(1)).one()
            row.state = state
            if state != "waiting":
                row.waiting_key, row.finished = None, services.now
            return row.outbox_id
    finally:
        application.close()


def _commands() -> Iterator[str]:
    for name, (place, _line) in MODULES.items():
        module, attribute = place.split(":")
        command = getattr(importlib.import_module(f"kallithea.cli.{module}"), attribute)
        if isinstance(command, click.Group):
            yield from (f"{name} {word}" for word in command.commands)
        else:
            yield name


def test_every_command_is_thought_of() -> None:
    """A new one fails here until a table says how it is done, or why it is not for the log."""
    assert NOTED.keys() & NOT_NOTED.keys() == set()
    assert set(_commands()) == NOTED.keys() | NOT_NOTED.keys()


def test_every_command_that_changes_something_leaves_a_row(site: Kallithea, tmp_path: Path) -> None:
    wrong = []
    for command, (action, rest) in NOTED.items():
        if command == "repo-scan":
            make_builder(Kind.GIT, tmp_path / "data/repositories/found").commit({b"a": b"1"})
        before = len(rows(site("audit", "list", "--json")))
        if "{job}" in rest:
            rest = rest.format(job=_make_job(tmp_path, _STATES[command]))
        done(site(*command.split(), *rest.split()))
        noted = rows(site("audit", "list", "--json"))
        actions = [row["action"] for row in noted[: len(noted) - before] or noted[:1]]
        if action not in actions:
            wrong.append((command, actions))
    assert wrong == []


def test_administrator_of_a_new_site_is_noted(site: Kallithea) -> None:
    assert [row["action"] for row in rows(site("audit", "list", "--json"))] == ["user.create"]
