"""A deleted repository comes back as it was, as far as those whom it names are still there."""

import pytest
from sqlalchemy import select

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.core.remote_addresses import parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.model.deleted_repository import DeletedRepository
from kallithea.model.grant import grants_on, repository_key
from kallithea.model.journal import JournalEntry
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.handlers import HANDLERS
from kallithea.services.remotes import RemoteChange
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_fields import Field
from kallithea.services.repository_restoring import restore_repository
from kallithea.services.work import reading, writing
from kallithea.services.worker import Worker
from kallithea.vcs.remote import Credentials
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.factories.people import Factory

PLACE = "tools/r"


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """On every engine, with a clock that stands still."""
    every_application.clock = clock
    return every_application


@pytest.fixture
def people(application: Application) -> Factory:
    return Factory(application)


@pytest.fixture
def repository_id(application: Application, people: Factory) -> int:
    """A repository with everything that one can have."""
    ada, bob = people.user("ada"), people.user("bob")
    people.group("tools")
    made = create_repository(
        application, COMMAND_LINE, None, kind=Kind.HG, path=PLACE, owner_id=ada.user_id, description="words"
    )
    fork = create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path="fork")
    with writing(application) as services:
        row = services.repositories.get_by_id(made)
        row.landing_ref, row.downloads, row.publishing = b"caf\xe9", False, False
        services.repositories.get_by_id(fork).fork_of_id = made
        services.permissions.set_(COMMAND_LINE, row, SIGNED_IN, Level.NONE)
        for user in (ada, bob):
            services.permissions.set_(COMMAND_LINE, row, Subject(SubjectKind.USER, user.user_id), Level.WRITE)
            services.followers.ensure(user.user_id, made)
        services.repository_fields.update(COMMAND_LINE, None, made, added=Field("cost", "Cost", "42"))
        address = parse_remote_address("https://example.com/r", ["https"])
        change = RemoteChange(address, Schedule.DAILY, Credentials("ada", "secret"))
        services.remotes.update(COMMAND_LINE, None, made, change)
    return made


def delete(application: Application, repository_id: int) -> None:
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(repository_id))


def work(application: Application) -> None:
    worker = Worker(application, HANDLERS, "worker")
    while worker.run_once():
        pass


def restore(application: Application, repository_id: int, path: str | None = None) -> str:
    return restore_repository(application, COMMAND_LINE, None, repository_id, path=path)


@pytest.mark.parametrize("moved", [True, False], ids=["in the trash", "not moved yet"])
def test_all_that_was_kept_is_back(application: Application, people: Factory, repository_id: int, moved: bool) -> None:
    with reading(application) as services:
        version = services.repositories.get_by_id(repository_id).settings_version
    delete(application, repository_id)
    if moved:
        work(application)
    with writing(application) as services:
        services.session.delete(services.users.get("bob"))
    assert restore(application, repository_id) == PLACE
    work(application)
    with reading(application) as services:
        row = services.repositories.get(PLACE)
        assert (row.repository_id, row.description) == (repository_id, "words")
        assert (row.landing_ref, row.downloads, row.publishing) == (b"caf\xe9", False, False)
        # no page that a browser has kept is taken for a new one
        assert row.settings_version == version + 1
        ada = services.users.get("ada").user_id
        assert row.owner_id == ada
        assert row.group_id == services.repository_groups.get("tools").repository_group_id
        grants = services.session.execute(grants_on(repository_key(repository_id)))
        assert {(key, level) for key, level, _name in grants} == {(f"user:{ada}", 2), ("signed-in", 0)}
        assert [one.name for one in services.followers.list_(repository_id, offset=0, limit=9)] == ["ada"]
        assert services.repository_fields.list_(repository_id) == (Field("cost", "Cost", "42"),)
        assert services.remotes.source_of(repository_id).credentials == Credentials("ada", "secret")
        assert services.repositories.get("fork").fork_of_id == repository_id
        created = select(JournalEntry).where(JournalEntry.action == "repository.create")
        entry = next(one for one in services.session.scalars(created) if one.repository_path == PLACE)
        assert entry.repository_id == repository_id
        assert services.session.scalars(select(DeletedRepository)).all() == []
        with services.repositories.open(row) as repository:
            assert repository.is_empty()


def test_place_that_is_taken(application: Application, repository_id: int) -> None:
    """It comes back elsewhere, its files too; a refusal leaves everything as it was."""
    delete(application, repository_id)
    work(application)
    other = create_repository(application, COMMAND_LINE, None, kind=Kind.HG, path=PLACE)
    with pytest.raises(ConflictError):
        restore(application, repository_id)
    with pytest.raises(InvalidError):
        restore(application, repository_id, "nowhere/r")
    assert restore(application, repository_id, "tools/old") == "tools/old"
    with reading(application) as services:
        folders = {one: services.repositories.get_by_id(one).folder for one in (other, repository_id)}
    assert folders == {other: f"{PLACE}~2", repository_id: PLACE}
    assert all((application.settings.repository_folder / folder).is_dir() for folder in folders.values())


def test_only_administrators_bring_back(application: Application, people: Factory, repository_id: int) -> None:
    delete(application, repository_id)
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
    with pytest.raises(ForbiddenError):
        restore_repository(application, COMMAND_LINE, viewer, repository_id)


def test_after_thirty_days_nothing_is_kept(application: Application, clock: Clock, repository_id: int) -> None:
    delete(application, repository_id)
    work(application)
    clock.pass_(31 * 86400)
    with pytest.raises(NotFoundError):
        restore(application, repository_id)
    clean_up(application)
    with reading(application) as services:
        assert services.session.scalars(select(DeletedRepository)).all() == []
    assert list((application.settings.repository_folder / ".trash").iterdir()) == []


def test_files_that_are_gone(application: Application, repository_id: int) -> None:
    delete(application, repository_id)
    work(application)
    (kept,) = (application.settings.repository_folder / ".trash").iterdir()
    kept.rename(kept.with_name("elsewhere"))
    with pytest.raises(NotFoundError, match="gone"):
        restore(application, repository_id)
