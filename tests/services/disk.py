"""A stand-in for the refs of a repository on the disk, and the row that they belong to."""

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.escapes import unescape_bytes
from kallithea.model.journal import JournalEntry
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind, RefState, RefUpdate


@dataclass
class Disk:
    """Refs that move one by one; each movement changes the fingerprint."""

    refs: dict[bytes, str] = field(default_factory=dict)
    changes: int = 0

    def move(self, name: bytes, new: str | None) -> RefUpdate:
        old = self.refs.get(name)
        if new is None:
            self.refs.pop(name, None)
        else:
            self.refs[name] = new
        self.changes += 1
        return RefUpdate(name, old, new)

    def state(self) -> RefState:
        return RefState(f"fingerprint {self.changes}", dict(self.refs))


def make_repository(
    application: Application, path: str = "repository", kind: Kind = Kind.GIT, state: RefState | None = None
) -> int:
    """The row of a repository, and the record of its refs if ``state`` is given."""
    with writing(application) as services:
        repository = services.repositories.insert(COMMAND_LINE, kind=kind, path=path, folder=path, owner_id=None)
        if state is not None:
            services.pushes.start(repository.repository_id, state)
        return repository.repository_id


def pushed(application: Application, repository_id: int = 1) -> list[tuple[str, str, list[tuple[bytes, Any, Any]]]]:
    """The journal of pushes, oldest first: who, by which way, and the refs as name, old and new value."""
    with reading(application) as services:
        entries = services.session.scalars(
            select(JournalEntry)
            .where(JournalEntry.action == "push", JournalEntry.repository_id == repository_id)
            .order_by(JournalEntry.journal_entry_id)
        ).all()
    return [
        (
            entry.user_name,
            entry.way,
            [(unescape_bytes(ref["name"]), ref["old"], ref["new"]) for ref in json.loads(entry.details)["refs"]],
        )
        for entry in entries
    ]
