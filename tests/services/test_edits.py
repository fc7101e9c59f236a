"""Edits are journalled like pushes, once, for whoever made them, also when their process dies."""

import pathlib
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from unittest import mock

import pytest
from sqlalchemy import select

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ForbiddenError, NotFoundError, UnavailableError
from kallithea.core.watching import Reason
from kallithea.model.push_intent import PushIntent
from kallithea.services.application import Application, utc_now
from kallithea.services.edits import commit_files
from kallithea.services.handlers import HANDLERS
from kallithea.services.pushes import Pushes
from kallithea.services.repository_creation import create_repository
from kallithea.services.settling import settle
from kallithea.services.work import reading
from kallithea.services.worker import Worker
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import AddFile, CommitText, EditFile, NothingChangedError, RefMovedError
from tests.applications import Clock
from tests.factories.people import Factory
from tests.factories.writing import FULL_BRANCH, on_branch, request, verify
from tests.services.disk import pushed

KINDS = [Kind.GIT, Kind.HG]
ADA = Actor(None, "ada", Way.WEB, "192.0.2.1")


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def make(application: Application, kind: Kind, name: str = "ada") -> tuple[int, Viewer, str]:
    """A repository with one commit by somebody who may do everything: its id, that viewer, and the commit's id."""
    viewer = Factory(application).viewer(Factory(application).user(name, super_administrator=True))
    repository_id = create_repository(application, COMMAND_LINE, None, kind=kind, path="repository")
    actor = Actor(viewer.user_id, name, Way.WEB)
    first = commit_files(application, actor, viewer, repository_id, request(kind, None, AddFile(b"file", b"1")))
    return repository_id, viewer, first


def path(application: Application) -> pathlib.Path:
    return application.settings.repository_folder / "repository"


def head(application: Application, kind: Kind) -> str:
    with open_repository(kind, path(application), application.vcs_options) as repository:
        return repository.state().refs[FULL_BRANCH[kind]]


def outcomes(application: Application) -> Sequence[str | None]:
    with reading(application) as services:
        return services.session.scalars(select(PushIntent.outcome).order_by(PushIntent.push_intent_id)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_edit_is_journalled_as_a_push_by_the_web(application: Application, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    second = commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"2")))

    name = FULL_BRANCH[kind]
    assert pushed(application) == [("ada", "web", [(name, None, first)]), ("ada", "web", [(name, first, second)])]
    assert outcomes(application) == ["recorded", "recorded"]
    with reading(application) as services, open_repository(kind, path(application), application.vcs_options) as opened:
        assert services.pushes.recorded(repository_id).fingerprint == opened.fingerprint()


@pytest.mark.parametrize("kind", KINDS)
def test_whom_its_message_mentions_is_told(application: Application, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    bob = Factory(application).user("bob", super_administrator=True)
    order = request(kind, first, EditFile(b"file", b"2"))
    author = order.text.author
    mentioning = replace(order, text=CommitText(b"A change\n\nFor @bob and @nobody.\n", author, author))
    commit_files(application, ADA, viewer, repository_id, mentioning)
    worker = Worker(application, HANDLERS, "worker")
    while worker.run_once():
        pass
    with reading(application) as services:
        told = services.notifications.list_(services.permissions.viewer_of_user(bob.user_id))
    assert [(row.event.action, row.event.path, row.reason) for row in told] == [("push", "repository", Reason.MENTION)]


@pytest.mark.parametrize("kind", KINDS)
def test_right_to_write_is_needed(application: Application, kind: Kind) -> None:
    repository_id, _, first = make(application, kind)
    people = Factory(application)
    bob, eve = people.user("bob"), people.user("eve")
    with reading(application) as services:
        row = services.repositories.get_by_id(repository_id)
    people.grant(bob, Level.READ, on=row)
    edit = request(kind, first, EditFile(b"file", b"2"))
    with pytest.raises(ForbiddenError):
        commit_files(application, ADA, people.viewer(bob), repository_id, edit)
    with pytest.raises(NotFoundError):
        commit_files(application, ADA, people.viewer(eve), repository_id, edit)
    with pytest.raises(NotFoundError):
        commit_files(application, ADA, people.viewer(bob), 77, edit)
    assert head(application, kind) == first
    people.grant(bob, Level.WRITE, on=row)
    made = commit_files(application, ADA, people.viewer(bob), repository_id, edit)
    assert head(application, kind) == made


@pytest.mark.parametrize("kind", KINDS)
def test_edit_of_what_has_changed_is_refused_and_announces_nothing(application: Application, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    second = commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"2")))
    with pytest.raises(RefMovedError) as moved:
        commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"3")))
    assert moved.value.current == second
    with pytest.raises(NothingChangedError):
        commit_files(application, ADA, viewer, repository_id, request(kind, second, EditFile(b"file", b"2")))
    assert len(outcomes(application)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_edit_needs_the_database(application: Application, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    away = mock.patch.object(Pushes, "announce", side_effect=UnavailableError("busy"))
    with away, pytest.raises(UnavailableError, match="Nothing was changed"):
        commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"2")))
    assert head(application, kind) == first
    verify(kind, path(application))


@pytest.mark.parametrize("kind", KINDS)
def test_edit_that_cannot_be_recorded_is_settled_later(application: Application, clock: Clock, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    away = mock.patch.object(Pushes, "record", side_effect=UnavailableError("busy"))
    with away:
        second = commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"2")))
    assert (head(application, kind), len(pushed(application))) == (second, 1)
    clock.pass_(11)
    settle(application, repository_id)
    assert pushed(application)[1:] == [("ada", "web", [(FULL_BRANCH[kind], first, second)])]


@pytest.mark.parametrize("kind", KINDS)
def test_new_branch_is_journalled(application: Application, kind: Kind) -> None:
    repository_id, viewer, first = make(application, kind)
    asked = request(kind, None, EditFile(b"file", b"2"))
    asked = type(asked)(on_branch(kind, None, b"topic"), asked.text, asked.changes, parent=first)
    made = commit_files(application, ADA, viewer, repository_id, asked)
    name = FULL_BRANCH[kind].rpartition(b"/")[0] + b"/topic"
    assert pushed(application)[-1] == ("ada", "web", [(name, None, made)])


def killed(application: Application, tmp_path: pathlib.Path, kind: Kind, when: str) -> tuple[int, str]:
    """An edit of the first commit that is killed; the repository's id and that commit's."""
    repository_id, _, first = make(application, kind, "eve")
    arguments = [application.settings.database_url, str(tmp_path), str(repository_id), kind.value, first, when]
    died = subprocess.run([sys.executable, "-m", "tests.services.dying_edit", *arguments], check=False)
    assert died.returncode == -signal.SIGKILL
    return repository_id, first


@pytest.mark.parametrize("kind", KINDS)
def test_edit_killed_after_the_ref_moved_is_recorded_for_its_actor(
    application: Application, tmp_path: pathlib.Path, clock: Clock, kind: Kind
) -> None:
    clock.now = utc_now()
    repository_id, first = killed(application, tmp_path, kind, "moved")
    clock.now = utc_now()
    clock.pass_(11)
    settle(application, repository_id)

    second = head(application, kind)
    assert second != first
    assert pushed(application)[1:] == [("ada", "web", [(FULL_BRANCH[kind], first, second)])]
    assert outcomes(application)[-1] == "reconciled"
    verify(kind, path(application))


@pytest.mark.parametrize("kind", KINDS)
def test_edit_killed_before_the_ref_moved_leaves_nothing(
    application: Application, tmp_path: pathlib.Path, clock: Clock, kind: Kind
) -> None:
    clock.now = utc_now()
    repository_id, first = killed(application, tmp_path, kind, "announced")
    clock.now = utc_now()
    clock.pass_(application.settings.wire_time_limit + 100)
    settle(application, repository_id)

    assert head(application, kind) == first
    assert len(pushed(application)) == 1
    assert outcomes(application)[-1] == "nothing"

    # and the next edit goes through
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get("eve"))
    commit_files(application, ADA, viewer, repository_id, request(kind, first, EditFile(b"file", b"2")))
    verify(kind, path(application))
