"""Repositories are made whole or not at all, where the name says and nowhere else."""

import pathlib
from unittest import mock

import pytest
from sqlalchemy import Connection, event, select

from kallithea.core.access import Level, Subject, SubjectKind, Viewer
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, UnavailableError
from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.services.pushes import Pushes
from kallithea.services.repositories import Repositories
from kallithea.services.repository_creation import create_repository
from kallithea.services.work import reading, writing
from kallithea.vcs.opener import find_kind, open_repository
from kallithea.vcs.types import Kind
from tests.applications import Clock

KINDS = [Kind.GIT, Kind.HG]
ADA = Actor(None, "ada", Way.WEB)
NOBODY = Viewer(None, frozenset())


@pytest.fixture
def application(application: Application, clock: Clock) -> Application:
    """With a clock that stands still."""
    application.clock = clock
    return application


def create(
    application: Application, path: str, kind: Kind = Kind.GIT, viewer: Viewer | None = None, description: str = ""
) -> int:
    return create_repository(application, ADA, viewer, kind=kind, path=path, description=description)


def make_group(application: Application, path: str) -> None:
    with writing(application) as services:
        services.repository_groups.create(COMMAND_LINE, None, path=path)


def folder_of(application: Application, repository_id: int) -> str:
    with reading(application) as services:
        return services.repositories.get_by_id(repository_id).folder


def on_disk(application: Application) -> list[str]:
    base = application.settings.repository_folder
    return sorted(str(path.relative_to(base)) for path in base.rglob("*") if find_kind(path) and path.name != ".hg")


@pytest.mark.parametrize("kind", KINDS)
def test_repository_is_made(application: Application, kind: Kind) -> None:
    make_group(application, "Group")
    repository_id = create(application, "group/name", kind, description="words")

    with reading(application) as services:
        row = services.repositories.get("Group/name")
        assert (row.repository_id, row.path, row.kind) == (repository_id, "Group/name", kind)
        assert (row.description, row.private) == ("words", False)
        with services.repositories.open(row) as repository:
            assert repository.is_empty()
        assert services.session.scalars(select(JournalEntry.action)).all() == ["repository.create"]
        assert "repository.create" in services.session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize("path", ["../outside", "a/../../b", "/etc", "a//b", ".hidden", "_admin", "x.git", "a\nb", ""])
def test_name_that_cannot_be_one(application: Application, path: str) -> None:
    with pytest.raises(InvalidError):
        create(application, path)
    assert list(application.settings.repository_folder.parent.rglob("HEAD")) == []


def test_group_must_exist(application: Application) -> None:
    with pytest.raises(InvalidError, match="nowhere"):
        create(application, "nowhere/name")
    assert on_disk(application) == []


@pytest.mark.parametrize("second", ["Name", "name"])
def test_names_are_unique_whatever_their_case(application: Application, second: str) -> None:
    create(application, "name")
    with pytest.raises(ConflictError):
        create(application, second)
    assert on_disk(application) == ["name"]


def test_repository_and_group_share_one_name_space(application: Application) -> None:
    make_group(application, "name")
    with pytest.raises(ConflictError):
        create(application, "name")


def test_rights_are_asked(application: Application) -> None:
    with pytest.raises(ForbiddenError):
        create(application, "name", viewer=NOBODY)
    with writing(application) as services:
        user = services.users.create(COMMAND_LINE, name="ada")
        group = services.repository_groups.create(COMMAND_LINE, None, path="group")
        services.permissions.set_(COMMAND_LINE, group, Subject(SubjectKind.USER, user.user_id), Level.ADMIN)
        viewer = services.permissions.viewer_for(user)
    create(application, "group/name", viewer=viewer)
    with pytest.raises(ForbiddenError):
        create(application, "name", viewer=viewer)
    assert on_disk(application) == ["group/name"]


def test_hidden_group_does_not_exist(application: Application) -> None:
    make_group(application, "hidden")
    with pytest.raises(InvalidError) as hidden:
        create(application, "hidden/name", viewer=NOBODY)
    with pytest.raises(InvalidError) as absent:
        create(application, "absent/name", viewer=NOBODY)
    assert str(hidden.value).replace("hidden", "absent") == str(absent.value)


def test_folder_that_is_taken_on_the_disk_stays_as_it_is(application: Application) -> None:
    base = application.settings.repository_folder
    (base / "name").mkdir()
    (base / "name" / "file").write_text("mine")
    assert folder_of(application, create(application, "name")) == "name~2"
    assert [path.name for path in (base / "name").iterdir()] == ["file"]


def test_folder_is_never_inside_of_a_repository(application: Application) -> None:
    """A repository's folder may have the path of a group: its row may have moved, its files stay."""
    create(application, "name")
    with writing(application) as services:
        row = services.repositories.get("name")
        row.location.path = row.location.path_key = "elsewhere"
    make_group(application, "name")
    assert folder_of(application, create(application, "name/inner")) == "name~2/inner"


def test_symbolic_link_is_never_followed(application: Application, tmp_path: pathlib.Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (application.settings.repository_folder / "group").symlink_to(outside)
    make_group(application, "group")
    assert folder_of(application, create(application, "group/name")) == "group~2/name"
    assert list(outside.iterdir()) == []


def test_folder_of_a_row_is_not_given_away_while_it_is_missing(application: Application) -> None:
    create(application, "other")
    create(application, "name")
    (application.settings.repository_folder / "name").rename(application.settings.repository_folder / ".away")
    with writing(application) as services:
        row = services.repositories.get("name")
        row.location.path = row.location.path_key = "elsewhere"
    assert folder_of(application, create(application, "name")) == "name~2"


def test_nothing_is_made_where_no_repository_is_there(application: Application, tmp_path: pathlib.Path) -> None:
    create(application, "name")
    folder = application.settings.repository_folder
    folder.rename(tmp_path / "mounted elsewhere")
    folder.mkdir()
    with pytest.raises(UnavailableError, match="The folder of the repositories cannot be reached"):
        create(application, "lost")
    assert list(folder.iterdir()) == []


def test_name_of_many_bytes_gets_a_shorter_folder(application: Application) -> None:
    repository_id = create(application, "漢" * 100)
    with reading(application) as services:
        assert services.repositories.get_by_id(repository_id).path == "漢" * 100
        with services.repositories.open(services.repositories.get_by_id(repository_id)) as repository:
            assert repository.is_empty()


def test_folder_goes_away_when_the_row_cannot_be_made(application: Application) -> None:
    refused = mock.patch.object(Repositories, "insert", side_effect=ConflictError("taken meanwhile"))
    with refused, pytest.raises(ConflictError):
        create(application, "name")
    assert list(application.settings.repository_folder.iterdir()) == []


def test_folder_goes_away_when_the_database_fails_before_the_commit(application: Application) -> None:
    busy = mock.patch.object(Pushes, "start", side_effect=UnavailableError("busy"))
    with busy, pytest.raises(UnavailableError):
        create(application, "name")
    assert list(application.settings.repository_folder.iterdir()) == []


def test_folder_stays_when_the_commit_may_have_been_done(application: Application) -> None:
    def lose(_connection: Connection) -> None:
        raise UnavailableError("connection lost")

    event.listen(application.writers, "commit", lose)
    with pytest.raises(UnavailableError):
        create(application, "name")
    event.remove(application.writers, "commit", lose)
    assert on_disk(application) == ["name"]
    with reading(application) as services:
        assert services.session.scalars(select(Repository)).all() == []
    # and is no obstacle
    assert folder_of(application, create(application, "name")) == "name~2"


def test_made_repository_can_be_opened_by_its_kind(application: Application) -> None:
    for kind in KINDS:
        folder = folder_of(application, create(application, kind.value, kind))
        path = application.settings.repository_folder / folder
        assert find_kind(path) is kind
        with open_repository(kind, path, application.vcs_options) as repository:
            assert repository.state().fingerprint
