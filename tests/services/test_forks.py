"""Who may fork what where to, and what is recorded of it."""

import json
import pathlib

import pytest
from sqlalchemy import select

from kallithea.core.access import SIGNED_IN, Level, Viewer
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.allowances import Allowance
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.repository import Repository
from kallithea.services.application import Application
from kallithea.services.edits import commit_files
from kallithea.services.forks import ForkRequest, fork_repository
from kallithea.services.repository_creation import create_repository
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.settling import settle_all
from kallithea.services.work import reading, writing
from kallithea.vcs.opener import open_repository
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import AddFile
from tests.factories.people import Factory, subject
from tests.factories.writing import FULL_BRANCH, request
from tests.transport.site import hg_log

KINDS = [Kind.GIT, Kind.HG]
ADA = Actor(None, "ada", Way.WEB)


class Site:
    """A repository ``source`` with one commit, a group ``mine`` where bob may make some, and bob himself."""

    def __init__(self, application: Application, kind: Kind, *, private: bool = False) -> None:
        self.application = application
        self.people = Factory(application)
        admin = self.people.viewer(self.people.user("root", super_administrator=True))
        self.source_id = create_repository(
            application, COMMAND_LINE, None, kind=kind, path="source", description="words", private=private
        )
        self.head = commit_files(application, ADA, admin, self.source_id, request(kind, None, AddFile(b"a", b"1")))
        self.bob = self.people.user("bob")
        with writing(application) as services:
            group = services.repository_groups.create(COMMAND_LINE, None, path="mine")
        self.people.grant(self.bob, Level.ADMIN, on=group)

    def grant(self, level: Level) -> None:
        with reading(self.application) as services:
            row = services.repositories.get_by_id(self.source_id)
        self.people.grant(self.bob, level, on=row)

    @property
    def viewer(self) -> Viewer:
        return self.people.viewer(self.bob)

    def fork(self, path: str = "mine/fork", **options: bool) -> int:
        asked = ForkRequest(self.source_id, path, self.bob.user_id, private=options.get("private"))
        return fork_repository(self.application, ADA, self.viewer, asked)

    def row(self, repository_id: int) -> Repository:
        with reading(self.application) as services:
            return services.repositories.get_by_id(repository_id)

    def on_disk(self) -> list[str]:
        base = self.application.settings.repository_folder
        return sorted(str(path.relative_to(base)) for path in base.rglob("*fork*"))


@pytest.mark.parametrize("kind", KINDS)
def test_fork_knows_its_parent(application: Application, kind: Kind) -> None:
    site = Site(application, kind)
    site.grant(Level.READ)
    fork_id = site.fork()

    row = site.row(fork_id)
    assert (row.path, row.kind, row.fork_of_id, row.owner_id) == ("mine/fork", kind, site.source_id, site.bob.user_id)
    assert (row.description, row.private) == ("words", False)
    folder = application.settings.repository_folder / row.folder
    with open_repository(kind, folder, application.vcs_options) as repository:
        assert repository.state().refs[FULL_BRANCH[kind]] == site.head
    # its refs are recorded as they are, and nobody has pushed them
    assert settle_all(application) == 0
    with reading(application) as services:
        journal = services.session.scalars(select(JournalEntry).where(JournalEntry.repository_id == fork_id)).all()
        assert [entry.action for entry in journal] == ["repository.create"]
        assert "source" not in journal[0].details
        audit = services.session.scalars(select(AuditEntry).order_by(AuditEntry.audit_entry_id.desc())).first()
        assert audit is not None
        assert json.loads(audit.after)["fork_of_id"] == site.source_id


@pytest.mark.parametrize("kind", KINDS)
def test_fork_stays_when_its_parent_goes(application: Application, kind: Kind) -> None:
    site = Site(application, kind)
    site.grant(Level.READ)
    fork_id = site.fork()
    with writing(application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get_by_id(site.source_id))
    assert site.row(fork_id).fork_of_id is None


def test_fork_is_as_private_as_its_parent_unless_told(application: Application) -> None:
    site = Site(application, Kind.GIT, private=True)
    site.grant(Level.READ)
    assert site.row(site.fork()).private
    assert not site.row(site.fork("mine/other-fork", private=False)).private


def test_parent_must_be_readable(application: Application) -> None:
    site = Site(application, Kind.GIT)
    with pytest.raises(NotFoundError):
        site.fork()
    site.source_id = 77
    with pytest.raises(NotFoundError):
        site.fork()
    assert site.on_disk() == []


def test_group_must_be_theirs(application: Application) -> None:
    site = Site(application, Kind.GIT)
    site.grant(Level.READ)
    with pytest.raises(ForbiddenError):
        site.fork("fork")
    with pytest.raises(InvalidError):
        site.fork("nowhere/fork")
    with pytest.raises(InvalidError):
        site.fork("mine/../fork")
    assert site.on_disk() == []


def test_place_that_is_taken(application: Application) -> None:
    site = Site(application, Kind.GIT)
    site.grant(Level.READ)
    site.fork()
    with pytest.raises(ConflictError):
        site.fork("mine/FORK")
    assert len(site.on_disk()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_right_that_is_taken_away_meanwhile(application: Application, kind: Kind) -> None:
    site = Site(application, kind)
    site.grant(Level.READ)

    def take_away(_percent: int, _step: str) -> None:
        site.grant(Level.NONE)

    asked = ForkRequest(site.source_id, "mine/fork", site.bob.user_id)
    with pytest.raises(NotFoundError):
        fork_repository(application, ADA, site.viewer, asked, take_away)
    assert site.on_disk() == []


@pytest.mark.parametrize("kind", KINDS)
def test_cancelled_fork_leaves_nothing(application: Application, kind: Kind) -> None:
    site = Site(application, kind)
    site.grant(Level.READ)

    def cancel(_percent: int, _step: str) -> None:
        raise InterruptedError

    # an OSError like any other on the way
    asked = ForkRequest(site.source_id, "mine/fork", site.bob.user_id)
    with pytest.raises(Exception, match="Nothing was changed"):
        fork_repository(application, ADA, site.viewer, asked, cancel)
    assert site.on_disk() == []
    with reading(application) as services:
        assert services.repositories.find("mine/fork") is None


def test_folder_of_the_parent_that_is_missing(application: Application) -> None:
    site = Site(application, Kind.GIT)
    site.grant(Level.READ)
    create_repository(application, COMMAND_LINE, None, kind=Kind.GIT, path="other")
    folder: pathlib.Path = application.settings.repository_folder / "source"
    folder.rename(folder.with_name(".gone"))
    with pytest.raises(ConflictError, match="could not be made"):
        site.fork()
    assert site.on_disk() == []


@pytest.mark.parametrize("kind", KINDS)
def test_forking_has_to_be_allowed(application: Application, kind: Kind) -> None:
    site = Site(application, kind)
    site.grant(Level.READ)
    with writing(application) as services:
        services.allowances.replace_(COMMAND_LINE, SIGNED_IN, None, ())
    with pytest.raises(ForbiddenError, match="may not fork"):
        site.fork()
    with writing(application) as services:
        services.allowances.replace_(COMMAND_LINE, subject(site.bob), None, (Allowance.FORK,))
    assert site.row(site.fork()).path == "mine/fork"


def test_allowance_that_is_gone_when_the_copy_is_there_makes_no_fork(application: Application) -> None:
    site = Site(application, Kind.GIT)
    site.grant(Level.READ)
    asked = ForkRequest(site.source_id, "mine/fork", site.bob.user_id)

    def take_away(percent: int, step: str) -> None:
        with writing(application) as services:
            services.allowances.replace_(COMMAND_LINE, SIGNED_IN, None, ())

    with pytest.raises(ForbiddenError, match="may not fork"):
        fork_repository(application, ADA, site.viewer, asked, take_away)
    with reading(application) as services:
        assert services.repositories.find("mine/fork") is None


def test_drafts_of_a_repository_that_is_not_publishing_stay_drafts(application: Application) -> None:
    """Those that pages make, and those of its forks."""
    site = Site(application, Kind.HG)
    site.grant(Level.WRITE)
    with writing(application) as services:
        services.repository_settings.update(COMMAND_LINE, None, site.source_id, RepositoryChange(publishing=False))
    change = request(Kind.HG, site.head, AddFile(b"b", b"2"))
    draft = commit_files(application, ADA, site.viewer, site.source_id, change)
    forked = site.fork()
    assert not site.row(forked).publishing
    for repository_id in (site.source_id, forked):
        folder = application.settings.repository_folder / site.row(repository_id).folder
        assert hg_log(folder) == [(site.head, "public"), (draft, "draft")]
