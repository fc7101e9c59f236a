"""Deleted repositories lie in the trash for a while."""

import pathlib

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import InvalidError
from kallithea.core.jobs import RemoveFolder
from kallithea.services.application import Application
from kallithea.services.handlers import HANDLERS
from kallithea.services.job_context import JobInterruptedError
from kallithea.services.repository_creation import create_repository
from kallithea.services.trash import discard, empty_trash
from kallithea.services.work import writing
from kallithea.services.worker import Worker
from kallithea.vcs.types import Kind
from tests.applications import Clock


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def trash(application: Application) -> list[pathlib.Path]:
    return sorted((application.settings.repository_folder / ".trash").iterdir())


def delete(application: Application, path: str) -> None:
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get(path))


def test_deleted_repository_goes_to_the_trash(application: Application) -> None:
    base = application.settings.repository_folder
    create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="name")
    delete(application, "name")
    assert (base / "name").is_dir()
    Worker(application, HANDLERS, "worker", (RemoveFolder.queue,)).run_once()

    assert not (base / "name").exists()
    (kept,) = trash(application)
    assert kept.name == "20300102T120000.123456Z-name"


def test_folder_that_comes_back_while_it_is_moved(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks first and moves then looks once more."""
    create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="name")
    looks = iter([False, True])
    monkeypatch.setattr("kallithea.services.trash._is_in_use", lambda *_: next(looks))
    discard(application, "name")
    assert (application.settings.repository_folder / "name").is_dir()
    assert trash(application) == []


def test_folder_that_is_in_use_again_stays(application: Application) -> None:
    create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="name")
    discard(application, "name")
    assert (application.settings.repository_folder / "name").is_dir()


def test_removal_that_was_done_already(application: Application) -> None:
    discard(application, "name")


@pytest.mark.parametrize("folder", ["../elsewhere", "/etc", "", "a/../../b", "link/inner", "link", ".trash/x", "."])
def test_nothing_outside_is_touched(application: Application, tmp_path: pathlib.Path, folder: str) -> None:
    (tmp_path / "elsewhere" / "inner").mkdir(parents=True)
    (application.settings.repository_folder / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidError):
        discard(application, folder)
    assert (tmp_path / "elsewhere" / "inner").is_dir()


def test_trash_is_kept_for_thirty_days(application: Application, clock: Clock) -> None:
    base = application.settings.repository_folder
    (base / "old").mkdir()
    (base / "new").mkdir()
    discard(application, "old")
    (base / ".trash" / "put here by hand").mkdir()
    clock.pass_(29 * 86400)
    discard(application, "new")
    assert empty_trash(application) == 0
    clock.pass_(2 * 86400)
    assert empty_trash(application) == 1
    assert [path.name[-4:] for path in trash(application)] == ["-new", "hand"]


def test_emptying_ends_between_two_folders(application: Application, clock: Clock) -> None:
    for name in ("a", "b"):
        (application.settings.repository_folder / name).mkdir()
        discard(application, name)
    clock.pass_(31 * 86400)
    orders = iter([None, JobInterruptedError("the worker ends")])

    def check() -> None:
        if (order := next(orders)) is not None:
            raise order

    with pytest.raises(JobInterruptedError):
        empty_trash(application, check=check)
    assert len(trash(application)) == 1


def test_empty_trash_of_a_site_that_has_none(application: Application) -> None:
    assert empty_trash(application) == 0
