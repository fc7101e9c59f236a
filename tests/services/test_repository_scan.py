"""What lies in the repository folder is taken over, with its groups, and nothing outside of it."""

import datetime
import errno
import pathlib
from unittest import mock

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import UnavailableError
from kallithea.core.jobs import ScanRepositories
from kallithea.services import repository_scan
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobCancelledError
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_scan import ScanReport, find_repositories, scan_repositories
from kallithea.services.settling import settle_all
from kallithea.services.tasks import Task, TaskState
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.opener import create_repository as create_on_disk
from kallithea.vcs.opener import find_kind
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.factories.repositories import make_builder
from tests.services.disk import pushed
from tests.services.test_outbox import stored_jobs


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def put(application: Application, folder: str, kind: Kind = Kind.HG) -> pathlib.Path:
    path = application.settings.repository_folder / folder
    create_on_disk(kind, path, application.vcs_options)
    return path


def scan(application: Application) -> ScanReport:
    return scan_repositories(application, COMMAND_LINE, owner_id=None)


def kinds(application: Application, *paths: str) -> list[tuple[str, str]]:
    with reading(application) as services:
        rows = [services.repositories.get(path) for path in paths]
        return [(row.kind, row.folder) for row in rows]


def test_a_share_of_another_repository_is_left_out(application: Application) -> None:
    put(application, "own")
    (put(application, "share") / ".hg" / "sharedpath").write_text("../../own/.hg")

    report = scan(application)

    assert report.imported == ["own"]
    assert list(report.skipped) == ["share"]
    assert "hg unshare" in report.skipped["share"]


def test_repositories_and_their_groups_are_taken_over(application: Application) -> None:
    put(application, "top", Kind.GIT)
    put(application, "Group/sub/inner")
    put(application, "Group/bare.git", Kind.GIT)

    report = scan(application)

    assert sorted(report.imported) == ["Group/bare", "Group/sub/inner", "top"]
    assert (report.present, report.missing, report.skipped) == ([], [], {})
    found = kinds(application, "top", "group/sub/inner", "group/bare")
    assert found == [("git", "top"), ("hg", "Group/sub/inner"), ("git", "Group/bare.git")]
    with reading(application) as services:
        assert services.repository_groups.get("group/sub").path == "Group/sub"


def test_second_scan_takes_over_what_has_been_added(application: Application) -> None:
    put(application, "first")
    scan(application)
    put(application, "second")
    report = scan(application)
    assert (report.imported, report.present) == (["second"], ["first"])


def test_history_that_is_taken_over_is_nobody_s_push(application: Application) -> None:
    make_builder(Kind.GIT, application.settings.repository_folder / "name").commit({b"file": b"1"})
    scan(application)
    assert {row.kind for row in stored_jobs(application)} == {"IndexRepository", "SettleRepository", "UpkeepRepository"}
    assert settle_all(application) == 1
    assert pushed(application) == []


@pytest.mark.parametrize("kind", Kind)
def test_what_is_taken_over_changed_last_when_its_newest_commit_was_made(application: Application, kind: Kind) -> None:
    when = application.clock().replace(microsecond=0) - datetime.timedelta(days=400)
    builder = make_builder(kind, application.settings.repository_folder / "name")
    builder.commit({b"file": b"1"}, date=f"{int(when.timestamp())} +0200")
    put(application, "empty", kind)
    scan(application)
    worker = Worker(application, HANDLERS, "worker")
    while worker.run_once():
        pass
    with reading(application) as services:
        repository, empty = (services.repositories.get(path) for path in ("name", "empty"))
        assert repository.updated == when
        assert services.repository_activities.find_commit_id(repository.repository_id) is not None
        assert empty.updated == application.clock()


def test_names_that_are_not_allowed_are_left_out_with_the_reason(application: Application) -> None:
    base = application.settings.repository_folder
    put(application, "_admin")
    put(application, "a;b")
    put(application, "double.git", Kind.GIT)
    put(application, "double", Kind.GIT)
    put(application, "Upper/case")
    put(application, "upper/CASE")
    (base / b"caf\xe9".decode("utf-8", "surrogateescape")).mkdir()

    report = scan(application)

    assert report.imported == ["Upper/case", "double"]
    assert set(report.skipped) == {"_admin", "a;b", "double.git", "upper/CASE", "caf\\xe9"}
    assert "reserved" in report.skipped["_admin"]
    assert "exists already" in report.skipped["double.git"]


def test_links_hidden_folders_and_the_inside_of_repositories_are_passed_over(
    application: Application, tmp_path: pathlib.Path
) -> None:
    base = application.settings.repository_folder
    create_on_disk(Kind.HG, tmp_path / "elsewhere" / "repository", application.vcs_options)
    (base / "link").symlink_to(tmp_path / "elsewhere")
    put(application, ".trash/old")
    outer = put(application, "outer")
    create_on_disk(Kind.GIT, outer / "inner", application.vcs_options)
    (base / "plain" / "folder").mkdir(parents=True)
    (base / "loop").symlink_to(base)

    report = scan(application)

    assert report.imported == ["outer"]
    assert report.skipped == {"link": "is a symbolic link", "loop": "is a symbolic link"}


def test_repository_folder_that_is_not_there_is_no_empty_one(application: Application) -> None:
    """As when a disk is not mounted."""
    application.settings.repository_folder.rmdir()
    with pytest.raises(UnavailableError, match="cannot be read"):
        scan(application)


def test_folder_that_cannot_be_looked_into_is_left_out(application: Application) -> None:
    put(application, "good")
    put(application, "closed")
    look = find_kind

    def find(folder: pathlib.Path) -> Kind | None:
        if folder.name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(folder)

    with mock.patch.object(repository_scan, "find_kind", find):
        report = scan(application)
    assert report.imported == ["good"]
    assert report.skipped == {"closed": "cannot be read: Permission denied"}


def test_missing_folder_is_reported_and_its_row_kept(application: Application) -> None:
    create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="gone")
    folder = application.settings.repository_folder / "gone"
    folder.rename(folder.with_name(".gone"))
    assert scan(application).missing == ["gone"]
    assert kinds(application, "gone") == [("hg", "gone")]


def test_group_named_like_a_repository_is_left_out(application: Application) -> None:
    put(application, "name.git", Kind.GIT)
    put(application, "name/inner")
    report = scan(application)
    assert len(report.imported) == 1
    assert len(report.skipped) == 1


def test_many_are_taken_over_in_few_units(application: Application) -> None:
    base = application.settings.repository_folder
    for number in range(230):
        (base / f"group-{number % 7}" / f"repository-{number}" / ".hg" / "store").mkdir(parents=True)
    told: list[tuple[int, str]] = []
    report = scan_repositories(
        application, COMMAND_LINE, owner_id=None, tell=lambda percent, step, line="": told.append((percent, step))
    )
    assert len(report.imported) == 230
    assert [step for percent, step in told if percent] == [f"{done} of 230 repositories" for done in (100, 200, 230)]


def test_owner_administers_what_is_taken_over(application: Application) -> None:
    put(application, "name")
    with writing(application) as services:
        owner_id = services.users.create(COMMAND_LINE, name="ada").user_id
    scan_repositories(application, COMMAND_LINE, owner_id=owner_id)
    with reading(application) as services:
        assert services.repositories.get("name").owner_id == owner_id


def test_folder_that_cannot_be_read_is_named(application: Application, tmp_path: pathlib.Path) -> None:
    (found,) = find_repositories(tmp_path / "nowhere")
    assert found.folder == "."


def test_scan_is_a_job_with_a_log(application: Application) -> None:
    put(application, "name")
    put(application, "group/other.git", Kind.GIT)
    (application.settings.repository_folder / "link").symlink_to("name")
    user_id = administrator(application)
    task = work(application, ScanRepositories(user_id, user_id, "192.0.2.1"))
    assert (task.state, task.percent) == (TaskState.DONE, 100)
    assert [line.partition(" ")[2] for line in task.log] == [
        "imported group/other",
        "imported name",
        "! left out link: is a symbolic link",
        "2 imported, 0 known already",
        "done",
    ]


def test_who_does_not_administer_the_site_any_more_takes_nothing_over(application: Application) -> None:
    put(application, "name")
    user_id = administrator(application)
    with writing(application) as services:
        services.users.get("root").super_administrator = False
    task = work(application, ScanRepositories(user_id, user_id, "192.0.2.1"))
    assert (task.state, task.problem) == (
        TaskState.WAITING,
        "Who asked for this does not administer the site any more.",
    )
    with reading(application) as services:
        assert services.repositories.find("name") is None


def test_cancelled_scan_keeps_what_it_has_taken_over(application: Application) -> None:
    base = application.settings.repository_folder
    for number in range(101):
        (base / f"repository-{number:03}" / ".hg" / "store").mkdir(parents=True)
    told: list[str] = []

    def tell(percent: int, step: str, _line: str = "") -> None:
        told.append(step)
        if percent:
            raise JobCancelledError("It was cancelled.")

    with pytest.raises(JobCancelledError):
        scan_repositories(application, COMMAND_LINE, owner_id=None, tell=tell)
    assert told[-1] == "100 of 101 repositories"
    assert len(scan(application).present) == 100


def administrator(application: Application) -> int:
    with writing(application) as services:
        return services.users.create(COMMAND_LINE, name="root", super_administrator=True).user_id


def work(application: Application, job: ScanRepositories) -> Task:
    with writing(application) as services:
        task_id = services.outbox.add_asked(job)
    Worker(application, HANDLERS, "worker", [job.queue]).run_once()
    with reading(application) as services:
        return services.tasks.get(job.user_id, task_id)
