"""Who moves which refs: intents before a push, the record after it, and the account of what was never recorded."""

import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import (
    CountRepository,
    DescribePush,
    FindLastChanges,
    IndexRepository,
    SettleRepository,
    UpkeepRepository,
)
from kallithea.core.words import _
from kallithea.model.push_intent import PushIntent
from kallithea.model.repository import RepositoryState
from kallithea.model.unchanged import find_unchanged
from kallithea.services.audit import Audit
from kallithea.services.journal import Journal
from kallithea.services.outbox import Outbox
from kallithea.services.ref_account import NOTHING, RECONCILED, RECORDED, RefAccount, has_journalled, lacking
from kallithea.services.ref_ledger import Movement, RefLedger, dump_updates, parse_updates
from kallithea.vcs.types import RefState, RefUpdate

_UPKEEP_DELAY = datetime.timedelta(seconds=30)


class Settled(enum.Enum):
    """How far a comparison with the disk came."""

    WHOLLY = "the record is what was read from the disk"
    PARTLY = "some refs are left to pushes that are about to record them"
    NOT = "the record has changed since: what was read from the disk may be older"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of a repository's refs.

    ``at`` differs after every change; None when nothing is recorded. ``oldest_intent`` is when the oldest open intent
    was announced, None when all are closed.
    """

    at: datetime.datetime | None
    fingerprint: str
    oldest_intent: datetime.datetime | None


class Pushes:
    """Journals every movement of a ref once, whoever finds it: the push itself, or a comparison with the disk."""

    def __init__(
        self, session: Session, now: datetime.datetime, journal: Journal, audit: Audit, outbox: Outbox
    ) -> None:
        self._session = session
        self._now = now
        self._journal = journal
        self._audit = audit
        self._outbox = outbox

    def announce(self, actor: Actor, repository_id: int, updates: Sequence[RefUpdate]) -> int:
        """Write who is about to move which refs; commit it before a ref moves. The answer names the intent."""
        intent = PushIntent(
            repository_id=repository_id,
            user_id=actor.user_id,
            user_name=actor.name,
            way=actor.way.value,
            address=actor.address,
            updates=dump_updates(dict.fromkeys(updates, False)),
            created=self._now,
        )
        self._session.add(intent)
        self._session.flush()
        return intent.push_intent_id

    def record(self, intent_id: int, updates_done: Sequence[RefUpdate], state: RefState) -> None:
        """Close the intent and journal those of its updates that were done.

        ``state`` is read from the disk after the refs moved and before this unit. Raises NotFoundError when the
        repository was deleted meanwhile.
        """
        repository_id = self._repository_of(intent_id)
        account = self._account(repository_id)
        ledger = account.ledger(state, updates_done)
        intent = account.intent(intent_id)
        known = parse_updates(intent.updates)
        for update in updates_done:
            if not known.get(update):
                ledger.record(Movement(intent_id, update), state.refs.get(update.name))
        account.close(intent, RECORDED if updates_done else NOTHING)
        self._save(repository_id, account, ledger, state)
        if ledger.refs != state.refs:
            self._outbox.add(SettleRepository(repository_id))

    def abandon(self, intent_id: int) -> None:
        """Close the intent of a push that moved nothing. Raises NotFoundError as ``record`` does."""
        account = self._account(self._repository_of(intent_id))
        account.close(account.intent(intent_id), NOTHING)

    def recorded(self, repository_id: int) -> Recorded:
        """What is recorded of the repository's refs."""
        columns = select(RepositoryState.recorded, RepositoryState.fingerprint)
        row = self._session.execute(columns.where(RepositoryState.repository_id == repository_id)).one_or_none()
        oldest = self._session.scalar(
            select(func.min(PushIntent.created)).where(
                PushIntent.repository_id == repository_id, PushIntent.settled.is_(None)
            )
        )
        return Recorded(row.recorded if row else None, row.fingerprint if row else "", oldest)

    def recorded_fingerprint(self, repository_id: int) -> str:
        """The fingerprint of the recorded refs, empty where none are."""
        connection, key = self._session.connection(), ("recorded fingerprint", repository_id)
        return find_unchanged(connection, key, lambda: self._ask_fingerprint(repository_id)) or ""

    def _ask_fingerprint(self, repository_id: int) -> str | None:
        column = select(RepositoryState.fingerprint)
        return self._session.scalar(column.where(RepositoryState.repository_id == repository_id))

    def start(self, repository_id: int, state: RefState) -> None:
        """Record the refs of a repository that has just come; they are not journalled, because nobody moved them."""
        account = self._account(repository_id)
        account.save(account.ledger(state), state)

    def reconcile(
        self,
        repository_id: int,
        state: RefState,
        seen: datetime.datetime | None,
        *,
        alive_since: datetime.datetime,
        given_up_before: datetime.datetime,
    ) -> Settled:
        """Journal what the disk shows and the record lacks, and close intents that have had their time.

        ``seen`` is ``Recorded.at`` as it was before ``state`` was read. Refs named by intents younger than
        ``alive_since`` are left to their pushes; intents older than ``given_up_before`` are closed in any case.
        """
        account = self._account(repository_id)
        if account.recorded_at != seen:
            return Settled.NOT
        ledger = account.ledger(state)
        intents = account.intents.values()
        spared = {update.name for intent in intents if intent.created > alive_since for update in lacking(intent)}
        for name in sorted(ledger.refs.keys() | state.refs.keys()):
            if ledger.refs.get(name) != state.refs.get(name) and name not in spared:
                ledger.reach(name, state.refs.get(name))
        self._save(repository_id, account, ledger, state)
        for intent in intents:
            if intent.created < given_up_before:
                account.close(intent, RECONCILED if has_journalled(intent) else NOTHING)
        return Settled.WHOLLY if ledger.refs == state.refs else Settled.PARTLY

    def _account(self, repository_id: int) -> RefAccount:
        return RefAccount(self._session, self._now, self._journal, self._audit, repository_id)

    def _save(self, repository_id: int, account: RefAccount, ledger: RefLedger, state: RefState) -> None:
        entry_ids = account.save(ledger, state)
        self._outbox.add_all(DescribePush(entry_id) for entry_id in entry_ids)
        if ledger.movements:
            for job in (IndexRepository, CountRepository, FindLastChanges):
                self._outbox.add(job(repository_id))
            # pushes often come in bursts: one run is for all of them
            self._outbox.add(UpkeepRepository(repository_id), delay=_UPKEEP_DELAY)

    def _repository_of(self, intent_id: int) -> int:
        found = self._session.scalar(select(PushIntent.repository_id).where(PushIntent.push_intent_id == intent_id))
        if found is None:
            raise NotFoundError(_("The repository was deleted."))
        return found
