"""The account of one repository's refs within one unit: what is recorded, announced, and not yet journalled."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.actor import OUTSIDE, Actor, Way
from kallithea.core.errors import NotFoundError
from kallithea.core.escapes import escape_bytes
from kallithea.core.words import _
from kallithea.model.push_intent import PushIntent, open_intents
from kallithea.model.repository import Repository, RepositoryState
from kallithea.services.audit import Audit
from kallithea.services.journal import Journal
from kallithea.services.ref_ledger import Movement, RefLedger, dump_refs, dump_updates, parse_refs, parse_updates, undo
from kallithea.vcs.types import RefState, RefUpdate

RECORDED, RECONCILED, NOTHING = "recorded", "reconciled", "nothing"

_REFS_IN_ENTRY = 100
_LONGEST_VALUE = 820
_TICK = datetime.timedelta(microseconds=1)


class RefAccount:
    """Locks the repository's row, so that accounts of the same repository follow one another.

    ``recorded_at`` is None when nothing was recorded yet. Raises NotFoundError when the repository was deleted.
    """

    def __init__(
        self, session: Session, now: datetime.datetime, journal: Journal, audit: Audit, repository_id: int
    ) -> None:
        self._session = session
        self._now = now
        self._journal = journal
        self._audit = audit
        self._repository = _lock(session, repository_id)
        self._state = session.get(RepositoryState, repository_id, populate_existing=True)
        self.recorded_at = self._state.recorded if self._state else None
        found = session.scalars(open_intents(repository_id).execution_options(populate_existing=True))
        self.intents = {intent.push_intent_id: intent for intent in found}

    def ledger(self, disk: RefState, reported: Iterable[RefUpdate] = ()) -> RefLedger:
        """The refs as recorded; at first those on the disk, less what was announced or is reported now."""
        announced = [Movement(number, update) for number, one in self.intents.items() for update in lacking(one)]
        if self._state is not None:
            return RefLedger(parse_refs(self._state.refs), announced)
        pending = [*reported, *(movement.update for movement in reversed(announced))]
        return RefLedger(undo(disk.refs, pending), announced)

    def intent(self, intent_id: int) -> PushIntent:
        """An intent of this repository, closed or open."""
        return self.intents.get(intent_id) or self._session.get_one(PushIntent, intent_id, populate_existing=True)

    def close(self, intent: PushIntent, outcome: str) -> None:
        """Close an intent unless it was closed before."""
        if intent.settled is None:
            intent.settled, intent.outcome = self._now, outcome

    def save(self, ledger: RefLedger, disk: RefState) -> list[int]:
        """Journal the ledger's movements in the names of those whom they belong to, and store its refs.

        The answer are the ids of the entries.
        """
        entry_ids = []
        for intent_id in dict.fromkeys(movement.intent_id for movement in ledger.movements):
            updates = [movement.update for movement in ledger.movements if movement.intent_id == intent_id]
            actor = OUTSIDE if intent_id is None else self._note_journalled(self.intent(intent_id), updates)
            entry_ids.append(self._journal.add(actor, "push", self._repository, _details(actor, updates)))
            # branches, tags and bookmarks that are gone are for the audit log as well
            gone = (update for update in updates if update.new is None)
            self._audit.add_refs(actor, "repository.delete-refs", self._repository.path, gone)
        if ledger.movements:
            self._repository.updated = self._now
        fingerprint = disk.fingerprint if ledger.refs == disk.refs else ""
        if self._state is None or self._state.fingerprint != fingerprint or ledger.movements:
            self._store(dump_refs(ledger.refs), fingerprint)
        return entry_ids

    def _note_journalled(self, intent: PushIntent, updates: Sequence[RefUpdate]) -> Actor:
        known = parse_updates(intent.updates)
        intent.updates = dump_updates(known | dict.fromkeys(updates, True))
        if not lacking(intent):
            self.close(intent, RECONCILED)
        return Actor(intent.user_id, intent.user_name, Way(intent.way), intent.address)

    def _store(self, refs: bytes, fingerprint: str) -> None:
        state = self._state
        if state is None:
            state = self._state = RepositoryState(repository_id=self._repository.repository_id, recorded=self._now)
            self._session.add(state)
        else:
            # clocks differ and stand still; this time tells one version from the next
            state.recorded = max(self._now, state.recorded + _TICK)
        state.refs = refs
        state.fingerprint = fingerprint


def lacking(intent: PushIntent) -> list[RefUpdate]:
    """The announced updates that the journal does not have."""
    return [update for update, journalled in parse_updates(intent.updates).items() if not journalled]


def has_journalled(intent: PushIntent) -> bool:
    """Whether the journal has one of the announced updates."""
    return any(parse_updates(intent.updates).values())


def _lock(session: Session, repository_id: int) -> Repository:
    session.execute(
        select(Repository.repository_id)
        .where(Repository.repository_id == repository_id)
        .with_for_update(key_share=True)
    )
    repository = session.get(Repository, repository_id)
    if repository is None:
        raise NotFoundError(_("The repository was deleted."))
    return repository


def _details(actor: Actor, updates: Sequence[RefUpdate]) -> dict[str, Any]:
    """What an entry keeps, and until it is described, all that this needs."""
    shown = [
        {"name": escape_bytes(update.name), "old": _shorten(update.old), "new": _shorten(update.new)}
        for update in updates[:_REFS_IN_ENTRY]
    ]
    pending = {
        "address": actor.address,
        "updates": [[escape_bytes(update.name), update.old, update.new] for update in updates],
    }
    return {"refs": shown, "more": len(updates) - len(shown), "pending": pending}


def _shorten(value: str | None) -> str | None:
    """A Mercurial branch may have many heads; an entry shows the first twenty."""
    return value if value is None or len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
