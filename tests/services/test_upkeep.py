"""Who asks for a repository's upkeep, who does it, and when."""

import datetime
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import select, update

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import NotFoundError
from kallithea.core.jobs import RepackRepository, UpkeepRepositories, UpkeepRepository
from kallithea.model.lease import Lease, upkeep_lease
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.job_context import JobInterruptedError
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_scan import scan_repositories
from kallithea.services.settling import settle
from kallithea.services.upkeep import UnderUpkeepError, ask_for_upkeep, keep_up, keep_up_soon, repack
from kallithea.services.work import reading, writing
from kallithea.vcs.git import packing
from kallithea.vcs.git.packs import list_packs
from kallithea.vcs.types import Kind, RefUpdate, RepositoryMissingError
from kallithea.vcs.upkeep import Outcome, UpkeepReport
from tests.applications import Clock
from tests.factories.repositories import GitBuilder, HgBuilder, RepositoryBuilder
from tests.services.disk import Disk, make_repository
from tests.services.test_handlers import run
from tests.services.test_outbox import stored_jobs
from tests.services.test_pushes import ADA, announce, record
from tests.services.test_settling import Existing, make

KINDS = [Kind.GIT, Kind.HG]


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def outcomes(report: UpkeepReport) -> dict[str, Outcome]:
    return {step.name: step.outcome for step in report.steps if step.outcome is not Outcome.NOT_NEEDED}


def asked(application: Application) -> list[tuple[str, str]]:
    """Kinds and arguments of the jobs for upkeep, oldest first."""
    return [(row.kind, row.arguments) for row in stored_jobs(application, UpkeepRepository, RepackRepository)]


def large(builder: RepositoryBuilder) -> None:
    """Enough for a pack with a bitmap to be wished."""
    builder.commit({b"%d/%d" % (number % 50, number): b"%d" % number for number in range(2100)})


def test_pushes_ask_for_one_upkeep_half_a_minute_later(application: Application, clock: Clock) -> None:
    disk = Disk()
    repository_id = make_repository(application, state=disk.state())
    for number in range(3):
        movement = disk.move(b"refs/heads/main", f"{number}" * 40)
        record(application, announce(application, ADA, movement), [movement], disk.state())

    (row,) = (job for job in stored_jobs(application) if job.kind == "UpkeepRepository")
    assert row.arguments == UpkeepRepository(repository_id).arguments
    assert row.due == clock.now + datetime.timedelta(seconds=30)


@pytest.mark.parametrize("kind", KINDS)
def test_changes_from_outside_ask_for_upkeep(application: Application, kind: Kind) -> None:
    repository_id, builder = make(application, kind)
    builder.commit({b"file": b"1"})
    settle(application, repository_id)
    assert asked(application) == [("UpkeepRepository", UpkeepRepository(repository_id).arguments)]
    settle(application, repository_id)
    assert len(asked(application)) == 1


def test_imported_repositories_get_theirs(application: Application, clock: Clock) -> None:
    builder = GitBuilder(application.settings.repository_folder / "name")
    builder.commit({b"file": b"1"})
    scan_repositories(application, COMMAND_LINE, owner_id=None)
    run(application)
    assert (builder.path / "objects" / "info" / "commit-graphs" / "commit-graph-chain").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_each_repository_that_needs_it_is_asked_for(application: Application, clock: Clock, kind: Kind) -> None:
    ids = [create_repository(application, COMMAND_LINE, None, kind=kind, path=f"r{number}") for number in range(3)]
    for number in (0, 2):
        Existing(kind, application.settings.repository_folder / f"r{number}").commit({b"file": b"1"})

    assert ask_for_upkeep(application) == 2
    assert [arguments for _, arguments in asked(application)] == [UpkeepRepository(ids[n]).arguments for n in (0, 2)]

    clock.pass_(60)
    run(application)
    assert ask_for_upkeep(application) == 0


def test_a_folder_that_is_missing_spoils_nothing_for_others(application: Application) -> None:
    make(application, Kind.GIT)
    create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="other")
    Existing(Kind.HG, application.settings.repository_folder / "other").commit({b"file": b"1"})
    (application.settings.repository_folder / "repository").rename(application.settings.repository_folder / ".gone")

    assert ask_for_upkeep(application) == 1
    run(application)


def test_what_goes_through_the_whole_repository_is_a_job_of_its_own(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    large(builder)

    keep_up_soon(application, repository_id)
    assert asked(application) == [("RepackRepository", RepackRepository(repository_id).arguments)]
    run(application)

    assert [pack.mapped for pack in list_packs(builder.path)] == [True]


def test_it_is_begun_once_a_day_whatever_it_came_to(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    large(builder)
    repack(application, repository_id)
    for pack in list_packs(builder.path):
        pack.path.with_suffix(".bitmap").unlink()

    keep_up_soon(application, repository_id)
    assert asked(application) == []

    with writing(application) as services:
        lease = services.session.get_one(Lease, upkeep_lease(repository_id))
        assert lease.renewed is not None
        lease.renewed -= datetime.timedelta(hours=25)
    keep_up_soon(application, repository_id)
    assert len(asked(application)) == 1


def test_it_ends_before_the_next_step(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    builder.commit({b"file": b"1"})

    def end() -> None:
        raise JobInterruptedError("the worker ends")

    with pytest.raises(JobInterruptedError):
        keep_up(application, repository_id, check=end)
    # nobody has to wait for who was interrupted
    keep_up(application, repository_id)


def test_one_process_at_a_time(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    builder.commit({b"file": b"1"})
    with writing(application) as services:
        services.leases.acquire(upkeep_lease(repository_id), "another process", 60)

    with pytest.raises(UnderUpkeepError):
        keep_up(application, repository_id)
    repack(application, repository_id)
    keep_up_soon(application, repository_id)

    (row,) = stored_jobs(application, UpkeepRepository, RepackRepository)
    assert (row.kind, row.due - application.clock()) == ("UpkeepRepository", datetime.timedelta(minutes=1))


def test_who_has_lost_the_lease_begins_no_further_step(every_application: Application) -> None:
    application = every_application
    repository_id, builder = make(application, Kind.GIT)
    builder.commit({b"file": b"1"})
    lease, others = upkeep_lease(repository_id), list[int | None]()

    def lose() -> None:
        """As if this process had stood still until its time was over."""
        with writing(application) as services:
            services.session.execute(update(Lease).where(Lease.name == lease).values(expires=services.leases.now()))
            others.append(services.leases.acquire(lease, "another process", 60))

    with pytest.raises(UnderUpkeepError):
        keep_up(application, repository_id, check=lose)
    assert [other is not None for other in others] == [True]
    with writing(application) as services:
        assert services.leases.is_held(lease)
        services.leases.release(lease, "another process")
    assert "commit graph" in outcomes(keep_up(application, repository_id))


def test_two_at_once_do_it_once(every_application: Application, clock: Clock) -> None:
    application = every_application
    application.clock = clock
    repository_id, builder = make(application, Kind.GIT)
    builder.commit({b"file": b"1"})
    done: list[str] = []

    def work() -> None:
        try:
            done.extend(outcomes(keep_up(application, repository_id)))
        except UnderUpkeepError:
            done.append("somebody else")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done.count("commit graph") == 1


def test_the_lease_is_given_back_after_a_failure(application: Application) -> None:
    repository_id, builder = make(application, Kind.GIT)
    builder.path.rename(builder.path.with_name(".gone"))
    for _ in range(2):
        with pytest.raises(RepositoryMissingError):
            keep_up(application, repository_id)


def test_a_repository_deleted_meanwhile_needs_nothing(application: Application) -> None:
    with pytest.raises(NotFoundError):
        keep_up(application, 77)
    keep_up_soon(application, 77)
    repack(application, 77)


def half_written(builder: RepositoryBuilder, hours: float) -> pathlib.Path:
    path = builder.path / "objects" / "pack" / "tmp_pack_a1B2c3"
    path.write_bytes(b"half a pack")
    then = time.time() - hours * 3600
    os.utime(path, (then, then))
    return path


def test_nothing_is_removed_while_a_push_is_announced(application: Application, clock: Clock) -> None:
    repository_id, builder = make(application, Kind.GIT)
    path = half_written(builder, 6)
    with writing(application) as services:
        intent_id = services.pushes.announce(ADA, repository_id, [RefUpdate(b"refs/heads/main", None, "1" * 40)])
    keep_up(application, repository_id)
    assert path.exists()

    with writing(application) as services:
        services.pushes.abandon(intent_id)
    keep_up(application, repository_id)
    assert not path.exists()


def test_what_a_longer_time_limit_allows_is_not_removed(application: Application, clock: Clock) -> None:
    repository_id, builder = make(application, Kind.GIT)
    object.__setattr__(application.settings, "wire_time_limit", 24 * 3600)
    path = half_written(builder, 6)
    keep_up(application, repository_id)
    assert path.exists()


def test_a_push_that_was_killed_holds_nothing_up_for_ever(
    application: Application, clock: Clock, tmp_path: pathlib.Path
) -> None:
    """From the kill over the settling of its intent to the removal of what it left."""
    application.clock = lambda: datetime.datetime.now(datetime.UTC) + shift
    shift = datetime.timedelta(0)
    repository_id, builder = make(application, Kind.GIT)
    commit_id = builder.commit({b"file": b"1"})
    settle(application, repository_id)
    arguments = [application.settings.database_url, str(tmp_path), str(repository_id), "git", commit_id]
    killed = subprocess.run([sys.executable, "-m", "tests.services.dying_push", *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    path = half_written(builder, 6)

    keep_up(application, repository_id)
    assert path.exists(), "its intent is open"
    shift = datetime.timedelta(seconds=application.settings.wire_time_limit + 120)
    settle(application, repository_id)
    keep_up(application, repository_id)

    assert not path.exists()


@pytest.fixture
def unreachable(application: Application, monkeypatch: pytest.MonkeyPatch) -> tuple[int, GitBuilder, str]:
    """A repository with a commit that no ref leads to, where two weeks are no time."""
    monkeypatch.setattr(packing, "_UNREACHABLE_KEPT", -10.0)
    repository_id, builder = make(application, Kind.GIT)
    assert isinstance(builder, GitBuilder)
    builder.commit({b"file": b"kept"})
    gone = builder.commit({b"file": b"gone"}, branch=b"gone")
    builder.git("update-ref", "-d", "refs/heads/gone")
    builder.git("repack", "--cruft", "-dq")
    return repository_id, builder, gone


def exists(builder: GitBuilder, object_id: str) -> bool:
    return b"missing" not in builder.git("cat-file", "--batch-check", data=object_id.encode())


def test_what_no_ref_leads_to_is_deleted_in_the_end(
    application: Application, unreachable: tuple[int, GitBuilder, str]
) -> None:
    _, builder, gone = unreachable
    assert ask_for_upkeep(application) == 1
    run(application)
    assert not exists(builder, gone)


def test_it_is_kept_while_a_push_is_announced(
    application: Application, unreachable: tuple[int, GitBuilder, str]
) -> None:
    repository_id, builder, gone = unreachable
    with writing(application) as services:
        services.pushes.announce(ADA, repository_id, [RefUpdate(b"refs/heads/main", None, "1" * 40)])
    repack(application, repository_id)
    assert exists(builder, gone)


def test_it_is_kept_while_another_repository_borrows_objects(
    application: Application, unreachable: tuple[int, GitBuilder, str]
) -> None:
    repository_id, builder, gone = unreachable
    create_repository(application, COMMAND_LINE, None, kind=Kind.GIT, path="borrower")
    folder = application.settings.repository_folder / "borrower"
    (folder / "objects" / "info" / "alternates").write_text("../../repository/objects\n")
    repack(application, repository_id)
    assert exists(builder, gone)


def test_warmed_caches_of_mercurial(application: Application) -> None:
    repository_id, builder = make(application, Kind.HG)
    assert isinstance(builder, HgBuilder)
    builder.commit({b"file": b"1"})
    assert outcomes(keep_up(application, repository_id)) == {"caches": Outcome.DONE}
    assert outcomes(keep_up(application, repository_id)) == {}


def test_leases_that_say_nothing_any_more_are_deleted(application: Application, clock: Clock) -> None:
    repository_id, _ = make(application, Kind.GIT)
    keep_up(application, repository_id)
    repack(application, repository_id + 1)
    with writing(application) as services:
        services.leases.acquire("schedule:CleanUp", "worker", 60)
        services.leases.acquire(upkeep_lease(12), "owner", 60)
        services.session.execute(update(Lease).where(Lease.name == upkeep_lease(12)).values(renewed=clock.now))
    clean_up(application)
    with reading(application) as services:
        names = set(services.session.scalars(select(Lease.name)))
    assert names == {"schedule:CleanUp", upkeep_lease(12)}


def test_the_schedule_looks_at_all_repositories(application: Application) -> None:
    _, builder = make(application, Kind.GIT)
    builder.commit({b"file": b"1"})
    with writing(application) as services:
        services.outbox.add(UpkeepRepositories())
    run(application)
    assert asked(application) != []
