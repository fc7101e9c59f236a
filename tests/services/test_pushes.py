"""Every movement of a ref is journalled once, for whoever announced it, in whatever order things happen."""

import datetime
import json
import uuid
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kallithea.core.actor import Actor, Way
from kallithea.core.errors import NotFoundError
from kallithea.core.escapes import escape_bytes
from kallithea.core.jobs import SettleRepository
from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.push_intent import PushIntent
from kallithea.model.repository import Repository, RepositoryState
from kallithea.services.application import Application
from kallithea.services.pushes import Recorded, Settled
from kallithea.services.ref_ledger import parse_refs
from kallithea.services.work import reading, writing
from kallithea.vcs.types import RefState, RefUpdate
from tests.applications import Clock
from tests.services.disk import Disk, make_repository, pushed
from tests.services.test_outbox import stored_jobs

MAIN, SIDE, ODD = b"refs/heads/main", b"refs/heads/side", b"refs/heads/caf\xe9\\x41"
ADA = Actor(None, "ada", Way.HTTP, "192.0.2.1")
BOB = Actor(None, "bob", Way.SSH)
PATIENCE = datetime.timedelta(seconds=10)


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


def announce(application: Application, actor: Actor, *updates: RefUpdate, repository_id: int = 1) -> int:
    with writing(application) as services:
        return services.pushes.announce(actor, repository_id, updates)


def record(application: Application, intent_id: int, updates: Sequence[RefUpdate], state: RefState) -> None:
    with writing(application) as services:
        services.pushes.record(intent_id, updates, state)


def recorded(application: Application) -> Recorded:
    with reading(application) as services:
        return services.pushes.recorded(1)


def reconcile(application: Application, state: RefState, seen: Recorded | None = None) -> Settled:
    now = application.clock()
    seen = seen or recorded(application)
    with writing(application) as services:
        return services.pushes.reconcile(
            1, state, seen.at, alive_since=now - PATIENCE, given_up_before=now - datetime.timedelta(hours=4)
        )


def recorded_refs(application: Application, repository_id: int = 1) -> dict[bytes, str]:
    with reading(application) as services:
        return parse_refs(services.session.get_one(RepositoryState, repository_id).refs)


def outcomes(application: Application) -> list[str | None]:
    with reading(application) as services:
        return list(services.session.scalars(select(PushIntent.outcome).order_by(PushIntent.push_intent_id)))


@pytest.fixture
def disk(application: Application) -> Disk:
    disk = Disk({MAIN: "a", SIDE: "s"})
    assert make_repository(application, state=disk.state()) == 1
    return disk


def test_push_is_journalled_by_itself(application: Application, disk: Disk, clock: Clock) -> None:
    clock.pass_(1 * 3600)
    updates = [RefUpdate(MAIN, "a", "b"), RefUpdate(SIDE, "s", None), RefUpdate(ODD, None, "o")]
    intent = announce(application, ADA, *updates)
    for update in updates:
        disk.move(update.name, update.new)
    record(application, intent, updates, disk.state())

    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b"), (SIDE, "s", None), (ODD, None, "o")])]
    assert outcomes(application) == ["recorded"]
    assert recorded(application) == Recorded(clock.now, disk.state().fingerprint, None)
    assert recorded_refs(application) == disk.refs
    assert stored_jobs(application, SettleRepository) == []
    with reading(application) as services:
        assert services.session.get_one(Repository, 1).updated == clock.now


def test_refused_updates_are_not_journalled(application: Application, disk: Disk) -> None:
    updates = [RefUpdate(MAIN, "a", "b"), RefUpdate(SIDE, "s", "t")]
    intent = announce(application, ADA, *updates)
    disk.move(MAIN, "b")
    record(application, intent, updates[:1], disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")])]


def test_abandoned_push_leaves_nothing(application: Application, disk: Disk) -> None:
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    with writing(application) as services:
        services.pushes.abandon(intent)
    assert pushed(application) == []
    assert outcomes(application) == ["nothing"]


def test_push_into_a_deleted_repository(application: Application, disk: Disk) -> None:
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    with writing(application) as services:
        services.repositories.delete(ADA, services.repositories.get("repository"))
    with pytest.raises(NotFoundError):
        record(application, intent, [RefUpdate(MAIN, "a", "b")], disk.state())


def test_push_after_an_outside_change_shows_both(application: Application, disk: Disk) -> None:
    disk.move(MAIN, "x")
    intent = announce(application, ADA, RefUpdate(MAIN, "x", "b"))
    record(application, intent, [disk.move(MAIN, "b")], disk.state())
    assert pushed(application) == [("outside", "outside", [(MAIN, "a", "x")]), ("ada", "http", [(MAIN, "x", "b")])]
    assert recorded_refs(application) == disk.refs


def test_outside_change_of_another_ref_is_left_to_settling(application: Application, disk: Disk) -> None:
    disk.move(SIDE, "t")
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    record(application, intent, [disk.move(MAIN, "b")], disk.state())

    assert len(stored_jobs(application, SettleRepository)) == 1
    assert recorded(application).fingerprint == ""
    assert reconcile(application, disk.state()) is Settled.WHOLLY
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")]), ("outside", "outside", [(SIDE, "s", "t")])]
    assert recorded(application).fingerprint == disk.state().fingerprint


def test_later_push_that_records_first(application: Application, disk: Disk) -> None:
    first = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    moved_first = disk.move(MAIN, "b")
    second = announce(application, BOB, RefUpdate(MAIN, "b", "c"))
    moved_second = disk.move(MAIN, "c")
    record(application, second, [moved_second], disk.state())
    record(application, first, [moved_first], disk.state())

    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")]), ("bob", "ssh", [(MAIN, "b", "c")])]
    assert outcomes(application) == ["reconciled", "recorded"]
    assert recorded_refs(application) == {MAIN: "c", SIDE: "s"}


def test_back_and_forth_in_the_wrong_order(application: Application, disk: Disk) -> None:
    intents, moved = [], []
    for actor, value in ((ADA, "b"), (BOB, "a"), (ADA, "b")):
        intents.append(announce(application, actor, RefUpdate(MAIN, disk.refs[MAIN], value)))
        moved.append(disk.move(MAIN, value))
    for number in (2, 0, 1):
        record(application, intents[number], [moved[number]], disk.state())

    assert sorted(pushed(application)) == [
        ("ada", "http", [(MAIN, "a", "b")]),
        ("ada", "http", [(MAIN, "a", "b")]),
        ("bob", "ssh", [(MAIN, "b", "a")]),
    ]
    assert recorded_refs(application)[MAIN] == "b"


def test_push_about_to_record_is_left_in_peace(application: Application, disk: Disk, clock: Clock) -> None:
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    moved = disk.move(MAIN, "b")
    clock.pass_(9)
    assert reconcile(application, disk.state()) is Settled.PARTLY
    assert pushed(application) == []
    record(application, intent, [moved], disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")])]


def test_push_that_died_is_journalled_for_its_actor(application: Application, disk: Disk, clock: Clock) -> None:
    announce(application, ADA, RefUpdate(MAIN, "a", "b"), RefUpdate(SIDE, "s", "t"))
    disk.move(MAIN, "b")
    disk.move(SIDE, "t")
    clock.pass_(11)
    assert reconcile(application, disk.state()) is Settled.WHOLLY
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b"), (SIDE, "s", "t")])]
    assert outcomes(application) == ["reconciled"]
    assert reconcile(application, disk.state()) is Settled.WHOLLY
    assert len(pushed(application)) == 1


def test_slow_push_records_after_it_was_settled(application: Application, disk: Disk, clock: Clock) -> None:
    updates = [RefUpdate(MAIN, "a", "b"), RefUpdate(SIDE, "s", "t")]
    intent = announce(application, ADA, *updates)
    disk.move(MAIN, "b")
    clock.pass_(1 * 3600)
    reconcile(application, disk.state())
    disk.move(SIDE, "t")
    record(application, intent, updates, disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")]), ("ada", "http", [(SIDE, "s", "t")])]
    assert recorded_refs(application) == disk.refs


def test_push_that_was_settled_wholly_records_nothing(application: Application, disk: Disk, clock: Clock) -> None:
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    moved = disk.move(MAIN, "b")
    clock.pass_(1 * 60)
    reconcile(application, disk.state())
    record(application, intent, [moved], disk.state())
    assert len(pushed(application)) == 1
    assert outcomes(application) == ["reconciled"]


def test_push_that_died_is_journalled_by_the_next_one(application: Application, disk: Disk) -> None:
    announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    disk.move(MAIN, "b")
    second = announce(application, BOB, RefUpdate(MAIN, "b", "c"))
    record(application, second, [disk.move(MAIN, "c")], disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")]), ("bob", "ssh", [(MAIN, "b", "c")])]


def test_push_that_lives_long_and_has_moved_nothing_stays_open(
    application: Application, disk: Disk, clock: Clock
) -> None:
    announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    clock.pass_(3 * 3600)
    reconcile(application, disk.state())
    assert outcomes(application) == [None]
    clock.pass_(2 * 3600)
    reconcile(application, disk.state())
    assert outcomes(application) == ["nothing"]
    assert pushed(application) == []


def test_push_given_up_too_early_still_records(application: Application, disk: Disk, clock: Clock) -> None:
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    clock.pass_(5 * 3600)
    reconcile(application, disk.state())
    record(application, intent, [disk.move(MAIN, "b")], disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")])]


def test_state_older_than_the_record_changes_nothing(application: Application, disk: Disk, clock: Clock) -> None:
    seen, old = recorded(application), disk.state()
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    record(application, intent, [disk.move(MAIN, "b")], disk.state())
    clock.pass_(1 * 60)
    assert reconcile(application, old, seen) is Settled.NOT
    assert recorded_refs(application) == disk.refs


def test_state_older_than_a_record_that_came_back_changes_nothing(application: Application, disk: Disk) -> None:
    """The clock stands still, and the refs are what they were: the record's time grows nevertheless."""
    seen = recorded(application)
    states = []
    for value in ("b", "a"):
        intent = announce(application, ADA, RefUpdate(MAIN, disk.refs[MAIN], value))
        record(application, intent, [disk.move(MAIN, value)], disk.state())
        states.append(disk.state())
    assert reconcile(application, states[0], seen) is Settled.NOT


def test_first_record_of_a_repository_is_not_journalled(application: Application) -> None:
    make_repository(application)
    disk = Disk({MAIN: "a"})
    assert recorded(application) == Recorded(None, "", None)
    assert reconcile(application, disk.state()) is Settled.WHOLLY
    assert pushed(application) == []
    assert recorded_refs(application) == disk.refs


def test_push_into_a_repository_without_record(application: Application) -> None:
    make_repository(application)
    disk = Disk({MAIN: "a", SIDE: "s"})
    intent = announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    record(application, intent, [disk.move(MAIN, "b")], disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")])]
    assert recorded_refs(application) == disk.refs


def test_push_that_died_in_a_repository_without_record(application: Application, clock: Clock) -> None:
    make_repository(application)
    disk = Disk({MAIN: "a"})
    announce(application, ADA, RefUpdate(MAIN, "a", "b"))
    disk.move(MAIN, "b")
    clock.pass_(1 * 60)
    reconcile(application, disk.state())
    assert pushed(application) == [("ada", "http", [(MAIN, "a", "b")])]


def test_files_that_changed_without_their_refs_change_the_fingerprint_alone(
    application: Application, disk: Disk
) -> None:
    disk.changes += 1
    assert reconcile(application, disk.state()) is Settled.WHOLLY
    assert pushed(application) == []
    assert recorded(application).fingerprint == disk.state().fingerprint


def test_entry_is_bounded(application: Application, disk: Disk) -> None:
    updates = [disk.move(b"refs/tags/%03d" % number, "f" * 2000) for number in range(150)]
    intent = announce(application, ADA, *updates)
    record(application, intent, updates, disk.state())
    with reading(application) as services:
        details = services.session.scalars(select(JournalEntry.details).where(JournalEntry.action == "push")).one()
    kept = json.loads(details)
    # what goes when it is described
    del kept["pending"]
    assert len(json.dumps(kept)) < 100_000
    assert json.loads(details)["more"] == 50


class Chance:
    """Pushes of one ref that move it, record or die, and settling between them, on a new repository."""

    def __init__(self, application: Application, clock: Clock, data: st.DataObject) -> None:
        self._application = application
        self._clock = clock
        self._data = data
        self._disk = Disk({MAIN: "0"})
        self._repository_id = make_repository(application, uuid.uuid4().hex, state=self._disk.state())
        self._pending: list[tuple[int, RefUpdate]] = []
        self.expected: list[tuple[str, str | None, str | None]] = []

    def push(self) -> None:
        """Move the ref to another value, and back to an earlier one now and then; record it later or never."""
        current = self._disk.refs[MAIN]
        update = RefUpdate(MAIN, current, self._data.draw(st.sampled_from(sorted({"0", "1", "2"} - {current}))))
        actor = Actor(None, f"user {len(self.expected)}", Way.HTTP)
        intent = announce(self._application, actor, update, repository_id=self._repository_id)
        self._disk.move(MAIN, update.new)
        self._pending.append((intent, update))
        self.expected.append((actor.name, update.old, update.new))

    def record(self) -> None:
        """Any of the pushes that are still at work records."""
        if self._pending:
            intent, update = self._pending.pop(self._data.draw(st.integers(0, len(self._pending) - 1)))
            record(self._application, intent, [update], self._disk.state())

    def wait(self) -> None:
        self._clock.pass_(11)

    def settle(self) -> None:
        now = self._clock()
        with writing(self._application) as services:
            services.pushes.reconcile(
                self._repository_id,
                self._disk.state(),
                services.pushes.recorded(self._repository_id).at,
                alive_since=now - PATIENCE,
                given_up_before=now - datetime.timedelta(hours=4),
            )

    def end(self) -> None:
        """Settle, and let all pushes record."""
        self.wait()
        self.settle()
        while self._pending:
            self.record()

    def journalled(self) -> list[tuple[str, str | None, str | None]]:
        entries = pushed(self._application, self._repository_id)
        return [(who, old, new) for who, _, refs in entries for _, old, new in refs]

    def agrees(self) -> bool:
        return recorded_refs(self._application, self._repository_id) == self._disk.refs


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_movement_is_journalled_once_in_any_order(
    application: Application, clock: Clock, data: st.DataObject
) -> None:
    chance = Chance(application, clock, data)
    for step in data.draw(
        st.lists(st.sampled_from([Chance.push, Chance.record, Chance.settle, Chance.wait]), max_size=14)
    ):
        step(chance)
    chance.end()

    assert sorted(chance.journalled()) == sorted(chance.expected)
    assert chance.agrees()


def test_refs_that_are_gone_are_in_the_audit_log(application: Application) -> None:
    disk = Disk({MAIN: "1" * 40, SIDE: "2" * 40, ODD: "3" * 40})
    repository_id = make_repository(application, state=disk.state())
    updates = [disk.move(SIDE, None), disk.move(ODD, None), disk.move(MAIN, "4" * 40)]
    with writing(application) as services:
        intent_id = services.pushes.announce(ADA, repository_id, updates)
    for _ in range(2):
        with writing(application) as services:
            services.pushes.record(intent_id, updates, disk.state())
    chosen = select(AuditEntry).where(AuditEntry.action == "repository.delete-refs")
    with reading(application) as services:
        [entry] = services.session.scalars(chosen).all()
    assert (entry.actor_name, entry.way, entry.address, entry.target) == (
        "ada",
        "http",
        "192.0.2.1",
        "repository:repository",
    )
    assert json.loads(entry.before) == {escape_bytes(ODD): "3" * 40, "refs/heads/side": "2" * 40}
