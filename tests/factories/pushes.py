"""Pushes as the wire records them, without the wire."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select

from kallithea.core.actor import Actor, Way
from kallithea.model.journal import JournalEntry
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import RefState, RefUpdate

Made = TypeVar("Made")


def push(application: Application, path: str, user: str, change: Callable[[], Made]) -> Made:
    """Let somebody push what ``change`` does to the files of the repository."""
    before = _read(application, path)
    with reading(application) as services:
        repository_id = services.repositories.get(path).repository_id
        actor = Actor(services.users.get(user).user_id, user, Way.HTTP, "192.0.2.1")
        known = services.pushes.recorded(repository_id).at is not None
    if not known:
        with writing(application) as services:
            services.pushes.start(repository_id, before)
    made = change()
    after = _read(application, path)
    names = sorted(before.refs.keys() | after.refs.keys())
    updates = [
        RefUpdate(name, before.refs.get(name), after.refs.get(name))
        for name in names
        if before.refs.get(name) != after.refs.get(name)
    ]
    with writing(application) as services:
        intent_id = services.pushes.announce(actor, repository_id, updates)
    with writing(application) as services:
        services.pushes.record(intent_id, updates, after)
    return made


def work(application: Application) -> None:
    """Do all jobs that wait, as a worker would."""
    while Worker(application, HANDLERS, "worker").run_once():
        pass


def last_entry(application: Application) -> JournalEntry:
    """What the journal got last."""
    with reading(application) as services:
        newest = select(JournalEntry).order_by(JournalEntry.journal_entry_id.desc()).limit(1)
        return services.session.scalars(newest).one()


def _read(application: Application, path: str) -> RefState:
    with reading(application) as services:
        repository = services.repositories.open(services.repositories.get(path))
    with repository:
        return repository.state()
