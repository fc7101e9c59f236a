"""The record follows the disk: real repositories, changed by real programs, and a push that is killed."""

import pathlib
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.jobs import SettleRepository
from kallithea.model.push_intent import PushIntent
from kallithea.services.application import Application, utc_now
from kallithea.services.repository_creation import create_repository
from kallithea.services.settling import settle, settle_all
from kallithea.services.work import reading, writing
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.services.disk import pushed
from tests.services.test_outbox import stored_jobs

KINDS = [Kind.GIT, Kind.HG]
BRANCH = {Kind.GIT: b"refs/heads/main", Kind.HG: b"heads/default"}
PUSHED = {Kind.GIT: b"refs/heads/pushed", Kind.HG: b"bookmarks/pushed"}


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


class Existing:
    """A builder for a repository that exists already."""

    def __new__(cls, kind: Kind, path: pathlib.Path) -> RepositoryBuilder:  # type: ignore[misc]
        builder = GitBuilder.__new__(GitBuilder) if kind is Kind.GIT else HgBuilder.__new__(HgBuilder)
        builder.path = path
        builder.kind = kind
        builder.commits_made = 0
        if isinstance(builder, GitBuilder):
            builder.tips = {}
        return builder


def make(application: Application, kind: Kind) -> tuple[int, RepositoryBuilder]:
    repository_id = create_repository(application, COMMAND_LINE, None, kind=kind, path="repository")
    return repository_id, Existing(kind, application.settings.repository_folder / "repository")


def fingerprints(application: Application, repository_id: int, kind: Kind) -> tuple[str, str]:
    """As recorded, and as on the disk."""
    path = application.settings.repository_folder / "repository"
    with open_repository(kind, path, application.vcs_options) as repository, reading(application) as services:
        return services.pushes.recorded(repository_id).fingerprint, repository.fingerprint()


@pytest.mark.parametrize("kind", KINDS)
def test_new_repository_agrees_with_its_record(application: Application, kind: Kind) -> None:
    repository_id, _ = make(application, kind)
    on_record, on_disk = fingerprints(application, repository_id, kind)
    assert on_record == on_disk
    assert settle_all(application) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_change_behind_our_back_is_recorded_as_outside(application: Application, kind: Kind) -> None:
    repository_id, builder = make(application, kind)
    commit_id = builder.commit({b"file": b"1"})

    settle(application, repository_id)
    settle(application, repository_id)

    assert pushed(application) == [("outside", "outside", [(BRANCH[kind], None, commit_id)])]
    on_record, on_disk = fingerprints(application, repository_id, kind)
    assert on_record == on_disk


def test_plain_update_ref_is_recorded_as_outside(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    first = builder.commit({b"file": b"1"})
    settle(application, repository_id)
    second = builder.commit({b"file": b"2"}, parents=(first,), branch=b"other")
    command = ["git", f"--git-dir={builder.path}", "update-ref", "refs/heads/main", second, first]
    subprocess.run(command, check=True)
    settle(application, repository_id)

    names = {name for _, _, refs in pushed(application)[1:] for name, _, _ in refs}
    assert names == {b"refs/heads/main", b"refs/heads/other"}
    assert {who for who, _, _ in pushed(application)} == {"outside"}


def test_plain_hg_commit_is_recorded_as_outside(application: Application) -> None:
    repository_id, builder = make(application, Kind.HG)
    (builder.path / "file").write_bytes(b"1")
    program = pathlib.Path(sys.executable).with_name("hg")
    command = [str(program), "-R", str(builder.path), "commit", "-q", "-A", "-u", "ada", "-m", "by hand"]
    subprocess.run(command, check=True, env={"HGRCPATH": "", "PATH": "/usr/bin:/bin"})
    settle(application, repository_id)

    ((who, way, refs),) = pushed(application)
    assert (who, way) == ("outside", "outside")
    assert [name for name, _, _ in refs] == [b"heads/default"]


@pytest.mark.parametrize("kind", KINDS)
def test_killed_push_is_recorded_for_its_actor(
    every_application: Application, tmp_path: pathlib.Path, clock: Clock, kind: Kind
) -> None:
    application = every_application
    application.clock = clock
    clock.now = utc_now()
    repository_id, builder = make(application, kind)
    commit_id = builder.commit({b"file": b"1"})
    settle(application, repository_id)
    arguments = [application.settings.database_url, str(tmp_path), str(repository_id), kind.value, commit_id]
    killed = subprocess.run([sys.executable, "-m", "tests.services.dying_push", *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL

    clock.now = utc_now()
    settle(application, repository_id)
    assert len(pushed(application)) == 1, "its process might still be about to record"
    assert [row.due > clock.now for row in stored_jobs(application, SettleRepository)] == [True]

    clock.pass_(11)
    settle(application, repository_id)
    assert pushed(application)[1:] == [("ada", "http", [(PUSHED[kind], None, commit_id)])]
    with reading(application) as services:
        assert services.session.scalars(select(PushIntent.outcome)).all() == ["reconciled"]


def test_all_repositories_that_differ_are_found(application: Application) -> None:
    paths = [f"repository-{number}" for number in range(3)]
    ids = [create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path=path) for path in paths]
    gone, changed, _ = (application.settings.repository_folder / path for path in paths)
    gone.rename(gone.with_name(".gone"))
    Existing(Kind.HG, changed).commit({b"file": b"1"})

    assert settle_all(application) == 1
    assert [row.arguments for row in stored_jobs(application, SettleRepository)] == [SettleRepository(ids[1]).arguments]


def test_repository_deleted_meanwhile_needs_no_settling(application: Application) -> None:
    settle(application, 77)


def test_settling_what_agrees_writes_nothing(application: Application) -> None:
    repository_id, _ = make(application, Kind.GIT)
    with writing(application):
        # nobody else could write now
        settle(application, repository_id)
    with reading(application) as services:
        assert services.session.scalar(select(func.count()).select_from(PushIntent)) == 0
