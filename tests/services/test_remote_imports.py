"""Imports that people ask for, and pulls: done by jobs, shown step by step, recorded like pushes."""

import json
import pathlib
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.actor import Actor, Way
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.core.jobs import FindLastChanges, PullOnSchedule, UpkeepRepository
from kallithea.core.schedules import Schedule
from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.outbox import OutboxJob, OutboxState
from kallithea.model.push_intent import PushIntent
from kallithea.model.remote import Remote
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.remote_imports import ImportRequest, ask_for_import
from kallithea.services.remote_pulls import ask_for_pull
from kallithea.services.remotes import ShownRemote
from kallithea.services.settling import settle_all
from kallithea.services.tasks import TaskState
from kallithea.services.transfers import TransferState, read_transfer
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.opener import open_repository
from kallithea.vcs.remote import RemoteStep
from kallithea.vcs.types import Kind, RefKind
from kallithea.vcs.writing import AddFile, CommitRequest, RefTarget
from tests.factories.people import Factory
from tests.factories.remote_sites import RemoteSite, remote_site
from tests.factories.remote_sources import RULES, files_below
from tests.factories.repositories import RepositoryBuilder, make_builder
from tests.factories.writing import FULL_BRANCH, TEXT, request, to_nobody
from tests.services.test_outbox import stored_jobs

PASSWORD = "a password of elsewhere"


@pytest.fixture(params=list(Kind), ids=str)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture
def application(application: Application) -> Application:
    application.remote_rules = RULES
    return application


@pytest.fixture
def builder(kind: Kind, tmp_path: pathlib.Path) -> RepositoryBuilder:
    made = make_builder(kind, tmp_path / "elsewhere" / "r")
    made.commit({b"a": b"1"})
    return made


class Harbour:
    """A site elsewhere, and here bob, who may make repositories in a group ``mine``."""

    def __init__(self, application: Application, kind: Kind, elsewhere: RemoteSite) -> None:
        self.application = application
        self.kind = kind
        self.elsewhere = elsewhere
        self.people = Factory(application)
        self.bob = self.people.user("bob")
        self.group = self.people.group("mine")
        self.people.grant(self.bob, Level.ADMIN, on=self.group)
        self.actor = Actor(self.bob.user_id, "bob", Way.WEB, "192.0.2.7")

    def ask(self, **changes: object) -> int:
        asked = ImportRequest(self.kind, self.elsewhere.url("r"), "mine/r", description="words", private=True)
        asked = replace(asked, **changes)  # type: ignore[arg-type]
        viewer = self.people.viewer(self.bob)
        return ask_for_import(self.application, self.actor, viewer, user_id=self.bob.user_id, request=asked)

    def ask_to_pull(self, repository_id: int) -> int:
        viewer = self.people.viewer(self.bob)
        return ask_for_pull(self.application, self.actor, viewer, user_id=self.bob.user_id, repository_id=repository_id)

    def work(self) -> None:
        worker = Worker(self.application, HANDLERS, "worker")
        while worker.run_once():
            pass

    def imported(self, **changes: object) -> int:
        self.ask(**changes)
        self.work()
        repository_id = self.find()
        assert repository_id is not None
        return repository_id

    def find(self, path: str = "mine/r") -> int | None:
        with reading(self.application) as services:
            row = services.repositories.find(path)
            return row.repository_id if row is not None else None

    def remote(self, repository_id: int) -> ShownRemote:
        with reading(self.application) as services:
            found = services.remotes.find(repository_id)
        assert found is not None
        return found

    def state(self, task_id: int) -> TaskState:
        with reading(self.application) as services:
            return services.tasks.get(self.bob.user_id, task_id).state

    def transfer(self, task_id: int) -> TransferState:
        with reading(self.application) as services:
            return read_transfer(services.progress.get(task_id))

    def log(self, task_id: int) -> tuple[str, ...]:
        with reading(self.application) as services:
            return services.tasks.get(self.bob.user_id, task_id).log

    def problem(self, task_id: int) -> str:
        with reading(self.application) as services:
            return services.tasks.get(self.bob.user_id, task_id).problem

    def refs(self, repository_id: int) -> dict[bytes, str]:
        with reading(self.application) as services:
            folder = services.repositories.folder(services.repositories.get_by_id(repository_id))
        with open_repository(self.kind, folder, self.application.vcs_options) as repository:
            return repository.state().refs

    def nothing_is_left(self) -> None:
        folder = self.application.settings.repository_folder
        assert [name for name in files_below(folder) if name != "mine"] == []
        assert self.find() is None
        with reading(self.application) as services:
            assert services.session.scalars(select(Remote)).all() == []


@pytest.fixture
def harbour(application: Application, kind: Kind, builder: RepositoryBuilder) -> Iterator[Harbour]:
    with remote_site(builder.path.parent) as elsewhere:
        yield Harbour(application, kind, elsewhere)


def test_import_makes_a_repository_that_knows_where_it_comes_from(harbour: Harbour, builder: RepositoryBuilder) -> None:
    harbour.elsewhere.password = PASSWORD
    task_id = harbour.ask(user="ada", password=PASSWORD, schedule=Schedule.DAILY)
    assert harbour.state(task_id) is TaskState.WAITING
    harbour.work()
    assert harbour.state(task_id) is TaskState.DONE
    repository_id = harbour.find()
    assert repository_id is not None
    with reading(harbour.application) as services:
        row = services.repositories.get_by_id(repository_id)
        assert (row.kind, row.owner_id, row.description, row.private) == (
            harbour.kind,
            harbour.bob.user_id,
            "words",
            True,
        )
    remote = harbour.remote(repository_id)
    assert (remote.address, remote.has_credentials) == (harbour.elsewhere.url("r"), True)
    assert (remote.schedule, remote.problem) == (Schedule.DAILY, "")
    assert remote.pulled is not None
    with open_repository(harbour.kind, builder.path, harbour.application.vcs_options) as original:
        assert harbour.refs(repository_id) == original.state().refs
    # its refs are recorded as they are, and nobody has pushed them
    assert settle_all(harbour.application) == 0
    kinds = {row.kind for row in stored_jobs(harbour.application, FindLastChanges, UpkeepRepository)}
    assert kinds == {"FindLastChanges", "UpkeepRepository"}


def test_import_is_shown_step_by_step(harbour: Harbour) -> None:
    task_id = harbour.ask()
    harbour.work()
    transfer = harbour.transfer(task_id)
    assert next(iter(transfer.begun)) is RemoteStep.CONNECT
    assert list(transfer.begun)[-1] is RemoteStep.RECORD
    text = "\n".join(line.partition(" ")[2] for line in harbour.log(task_id))
    assert text.startswith(f"import {harbour.kind.value} {harbour.elsewhere.url('r')}")
    assert "100 %" in text
    assert text.endswith("done")


def test_password_is_nowhere_but_sealed(harbour: Harbour, caplog: pytest.LogCaptureFixture) -> None:
    harbour.elsewhere.password = PASSWORD
    harbour.ask(user="ada", password=PASSWORD)
    with reading(harbour.application) as services:
        assert PASSWORD not in repr([row.arguments for row in services.session.scalars(select(OutboxJob))])
    harbour.elsewhere.password = "another one"
    harbour.work()
    with harbour.application.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert "does not accept the user name" in dump
    assert PASSWORD not in dump
    assert PASSWORD not in caplog.text


def test_import_whose_worker_ends_is_begun_again(harbour: Harbour) -> None:
    task_id = harbour.ask(user="ada", password=PASSWORD)
    ends = threading.Event()
    ends.set()
    Worker(harbour.application, HANDLERS, "ends", interrupt=ends).run_once()
    assert harbour.state(task_id) is TaskState.WAITING
    harbour.work()
    assert harbour.state(task_id) is TaskState.DONE


def test_failed_import_leaves_nothing_but_its_words(harbour: Harbour) -> None:
    harbour.elsewhere.status = "404 Not Found"
    task_id = harbour.ask(user="ada", password=PASSWORD)
    harbour.work()
    assert harbour.state(task_id) is TaskState.FAILED
    assert "There is no repository at the address" in harbour.problem(task_id)
    assert harbour.log(task_id)[-1].endswith("failed")
    harbour.nothing_is_left()


def test_cancelled_import_leaves_nothing(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    task_id = harbour.ask(user="ada", password=PASSWORD)
    with writing(harbour.application) as services:
        services.progress.cancel(task_id)
    harbour.work()
    assert harbour.state(task_id) is TaskState.CANCELLED
    harbour.nothing_is_left()


def test_right_that_is_gone_meanwhile(harbour: Harbour) -> None:
    task_id = harbour.ask()
    harbour.people.grant(harbour.bob, Level.NONE, on=harbour.group)
    harbour.work()
    assert harbour.state(task_id) is TaskState.FAILED
    harbour.nothing_is_left()


def test_place_that_is_taken_meanwhile(harbour: Harbour) -> None:
    task_id = harbour.ask()
    harbour.people.repository("mine/r", folder="other")
    (harbour.application.settings.repository_folder / "other").mkdir()
    harbour.work()
    assert "exists already" in harbour.problem(task_id)
    with reading(harbour.application) as services:
        assert services.session.scalars(select(Remote)).all() == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"remote_address": "file:///etc"}, "address", "begins with"),
        ({"remote_address": " "}, "address", "begins with"),
        ({"path": "mine/../r"}, "name", "must not begin"),
        ({"path": "nowhere/r"}, "name", "no repository group"),
        ({"description": "\0"}, "description", "without NUL"),
        ({"user": "ada"}, "password", "that belongs to"),
        ({"password": "x"}, "user", "write a user name"),
        ({"user": "a:b", "password": "x"}, "user", "no colon"),
        ({"user": "ada", "password": "x\ny"}, "password", "printable"),
    ],
)
def test_what_is_wrong_is_said_by_field(harbour: Harbour, changes: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        harbour.ask(**changes)
    assert words in caught.value.problems[field]
    harbour.nothing_is_left()


def test_all_problems_are_said_at_once(harbour: Harbour) -> None:
    with pytest.raises(InvalidError) as caught:
        harbour.ask(remote_address="x", path="-", description="\0")
    assert set(caught.value.problems) == {"address", "name", "description"}


def test_ssh_and_git_take_no_password(harbour: Harbour) -> None:
    schemes = ["ssh"] if harbour.kind is Kind.HG else ["ssh", "git"]
    settings = replace(harbour.application.settings, remote_schemes=("ssh", "git"))
    harbour.application.settings = settings
    for scheme in schemes:
        with pytest.raises(InvalidError) as caught:
            harbour.ask(remote_address=f"{scheme}://example.com/r", user="ada", password="x")
        assert "leave user name and password empty" in caught.value.problems["user"]
    if harbour.kind is Kind.HG:
        with pytest.raises(InvalidError):
            harbour.ask(remote_address="git://example.com/r")


def test_import_is_in_the_audit(harbour: Harbour) -> None:
    harbour.imported(user="", password="")
    with reading(harbour.application) as services:
        entry = services.session.scalars(select(AuditEntry).where(AuditEntry.action == "repository.import")).one()
    assert (entry.actor_name, entry.address, entry.target) == ("bob", "192.0.2.7", "repository:mine/r")
    assert json.loads(entry.after)["remote"] == harbour.elsewhere.url("r")


def test_who_may_not_make_repositories_there(harbour: Harbour) -> None:
    with pytest.raises(ForbiddenError):
        harbour.ask(path="r")
    harbour.people.repository("mine/taken")
    with pytest.raises(ConflictError):
        harbour.ask(path="mine/TAKEN")


def test_pull_is_journalled_as_a_push_of_who_asked(harbour: Harbour, builder: RepositoryBuilder) -> None:
    repository_id = harbour.imported()
    tip = builder.commit({b"a": b"2"})
    task_id = harbour.ask_to_pull(repository_id)
    harbour.work()
    assert harbour.state(task_id) is TaskState.DONE
    assert harbour.refs(repository_id)[FULL_BRANCH[harbour.kind]] == tip
    with reading(harbour.application) as services:
        entry = services.session.scalars(select(JournalEntry).where(JournalEntry.action == "push")).one()
        assert (entry.user_name, entry.way) == ("bob", "web")
        assert [ref["new"] for ref in json.loads(entry.details)["refs"]] == [tip]
        assert all(intent.settled for intent in services.session.scalars(select(PushIntent)))
    assert settle_all(harbour.application) == 0
    assert any("updated" in line for line in harbour.log(task_id))


def test_pull_notes_what_it_left_alone(harbour: Harbour, builder: RepositoryBuilder) -> None:
    first = next(iter(harbour.refs(harbour.imported()).values()))
    repository_id = harbour.find() or 0
    if harbour.kind is Kind.HG:
        builder.bookmark(b"side", first)
        harbour.ask_to_pull(repository_id)
        harbour.work()
    with reading(harbour.application) as services:
        folder = services.repositories.folder(services.repositories.get_by_id(repository_id))
    here = make_commit(harbour, folder, first)
    builder.bookmark(b"side", builder.commit({b"theirs": b"1"}, parents=(first,)))
    harbour.ask_to_pull(repository_id)
    harbour.work()
    left = harbour.remote(repository_id).left
    assert [words for _, words in left] == ["it has gone another way here"]
    assert here in harbour.refs(repository_id).values()


def make_commit(harbour: Harbour, folder: pathlib.Path, parent: str) -> str:
    """A commit that is only here, on what is also elsewhere: the branch in Git, a bookmark in Mercurial."""
    with open_repository(harbour.kind, folder, harbour.application.vcs_options) as repository:
        asked = request(harbour.kind, parent, AddFile(b"here", b"1"))
        if harbour.kind is Kind.HG:
            target = RefTarget(RefKind.BOOKMARK, b"side", parent)
            asked = CommitRequest(target, TEXT, (AddFile(b"here", b"1"),))
        return repository.commit_files(asked, to_nobody)


def test_pull_that_fails_is_noted(harbour: Harbour) -> None:
    repository_id = harbour.imported()
    pulled = harbour.remote(repository_id).pulled
    harbour.elsewhere.status = "403 Forbidden"
    task_id = harbour.ask_to_pull(repository_id)
    harbour.work()
    assert harbour.state(task_id) is TaskState.FAILED
    remote = harbour.remote(repository_id)
    assert (remote.problem, remote.pulled) == ("The other site does not allow it.", pulled)


def test_pull_on_schedule_fails_quietly(harbour: Harbour) -> None:
    repository_id = harbour.imported()
    harbour.elsewhere.status = "403 Forbidden"
    with writing(harbour.application) as services:
        services.outbox.add(PullOnSchedule(repository_id))
    harbour.work()
    (job,) = stored_jobs(harbour.application, PullOnSchedule)
    assert job.state == OutboxState.DONE
    assert harbour.remote(repository_id).problem == "The other site does not allow it."


@pytest.mark.parametrize("asked", [True, False])
def test_pull_whose_worker_ends_is_no_problem_of_the_other_site(harbour: Harbour, asked: bool) -> None:
    repository_id = harbour.imported()
    before = harbour.remote(repository_id)
    task_id = harbour.ask_to_pull(repository_id) if asked else None
    if task_id is None:
        with writing(harbour.application) as services:
            services.outbox.add(PullOnSchedule(repository_id))
    ends = threading.Event()
    ends.set()
    Worker(harbour.application, HANDLERS, "ends", interrupt=ends).run_once()
    assert harbour.remote(repository_id) == before
    if task_id is not None:
        assert harbour.state(task_id) is TaskState.WAITING
    harbour.work()
    assert harbour.remote(repository_id).problem == ""


def test_pull_on_schedule_without_the_account_that_entered_the_password(harbour: Harbour) -> None:
    harbour.elsewhere.password = PASSWORD
    repository_id = harbour.imported(user="ada", password=PASSWORD)
    with writing(harbour.application) as services:
        services.users.disable(harbour.actor, services.users.get("bob"))
        services.outbox.add(PullOnSchedule(repository_id))
    asked = len(harbour.elsewhere.asked)
    harbour.work()
    assert len(harbour.elsewhere.asked) == asked
    assert "was entered by bob, who does not administer" in harbour.remote(repository_id).problem


def test_pull_on_schedule_is_of_the_worker(harbour: Harbour, builder: RepositoryBuilder) -> None:
    repository_id = harbour.imported()
    builder.commit({b"a": b"2"})
    with writing(harbour.application) as services:
        services.outbox.add(PullOnSchedule(repository_id))
    harbour.work()
    with reading(harbour.application) as services:
        entry = services.session.scalars(select(JournalEntry).where(JournalEntry.action == "push")).one()
        assert entry.way == "worker"


def test_pull_needs_the_right_to_administer(harbour: Harbour) -> None:
    repository_id = harbour.imported()
    other = harbour.people.user("eve")
    with pytest.raises(NotFoundError):
        ask_for_pull(
            harbour.application,
            harbour.actor,
            harbour.people.viewer(other),
            user_id=other.user_id,
            repository_id=repository_id,
        )
    task_id = harbour.ask_to_pull(repository_id)
    with writing(harbour.application) as services:
        row = services.repositories.get_by_id(repository_id)
        row.owner_id = None
    harbour.people.grant(harbour.bob, Level.WRITE, on=row)
    harbour.people.grant(harbour.bob, None, on=harbour.group)
    harbour.work()
    assert harbour.state(task_id) is TaskState.FAILED


def test_repository_that_was_not_imported_cannot_be_pulled(harbour: Harbour) -> None:
    row = harbour.people.repository("mine/own", owner=harbour.bob)
    with pytest.raises(NotFoundError):
        harbour.ask_to_pull(row.repository_id)


def test_cancelled_pull_changes_nothing(harbour: Harbour, builder: RepositoryBuilder) -> None:
    repository_id = harbour.imported()
    before = harbour.refs(repository_id)
    builder.commit({b"a": b"2"})
    task_id = harbour.ask_to_pull(repository_id)
    with writing(harbour.application) as services:
        services.progress.cancel(task_id)
    harbour.work()
    assert harbour.state(task_id) is TaskState.CANCELLED
    assert harbour.refs(repository_id) == before
    assert harbour.remote(repository_id).problem == "It was cancelled."
