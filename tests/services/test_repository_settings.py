"""Who may change what about a repository, and what is recorded of it."""

import json

import pytest
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from kallithea.model.audit import AuditEntry
from kallithea.model.journal import JournalEntry
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.services.application import Application
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import reading, writing
from tests.factories.people import Factory


class Site:
    """A repository ``tools/hammer`` that bob administers, and groups where he may make repositories, or not."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.people = Factory(application)
        self.bob = self.people.user("bob")
        for path in ("tools", "mine", "seen", "hidden"):
            self.people.group(path)
        self.row = self.people.repository("tools/hammer", folder="on-disk")
        self.people.repository("tools/saw", folder="saw")
        self.grant(Level.ADMIN, "tools/hammer")
        self.grant(Level.ADMIN, "mine")
        self.grant(Level.WRITE, "seen")

    def grant(self, level: Level, path: str) -> None:
        with reading(self.application) as services:
            target = services.repositories.find(path) or services.repository_groups.get(path)
        self.people.grant(self.bob, level, on=target)

    def update(self, by: User | None = None, **change: str | bool) -> Repository:
        viewer = self.people.viewer(by or self.bob)
        asked = RepositoryChange(**change)  # type: ignore[arg-type]
        with writing(self.application) as services:
            return services.repository_settings.update(COMMAND_LINE, viewer, self.row.repository_id, asked)

    def stored(self) -> Repository:
        with reading(self.application) as services:
            return services.repositories.get_by_id(self.row.repository_id)


@pytest.fixture
def site(every_application: Application) -> Site:
    return Site(every_application)


def test_new_name_and_group_keep_the_folder(site: Site) -> None:
    site.update(name="mallet", group="mine")
    row = site.stored()
    assert (row.path, row.folder) == ("mine/mallet", "on-disk")
    with reading(site.application) as services:
        assert services.repositories.find("tools/hammer") is None
        group = services.repository_groups.get("mine")
        assert row.group_id == group.repository_group_id


def test_group_is_written_as_it_writes_itself(site: Site) -> None:
    site.update(group="MINE")
    assert site.stored().path == "mine/hammer"


def test_name_may_change_its_case(site: Site) -> None:
    site.update(name="Hammer")
    assert site.stored().path == "tools/Hammer"


def test_name_may_change_in_a_group_where_they_make_nothing(site: Site) -> None:
    site.update(name="mallet", group="tools")
    assert site.stored().path == "tools/mallet"


def test_path_that_is_taken(site: Site) -> None:
    with pytest.raises(ConflictError, match="'tools/SAW' exists already"):
        site.update(name="SAW", description="new")
    assert (site.stored().path, site.stored().description) == ("tools/hammer", "")


@pytest.mark.parametrize(
    ("group", "words"),
    [("hidden", "there is no repository group"), ("absent", "there is no repository group"), ("seen", "not make")],
)
def test_groups_where_they_may_not_make_repositories(site: Site, group: str, words: str) -> None:
    with pytest.raises(InvalidError, match=words) as caught:
        site.update(group=group)
    assert set(caught.value.problems) == {"group"}


def test_top_of_the_site_needs_its_right(site: Site) -> None:
    with pytest.raises(InvalidError, match="you may not make repositories there"):
        site.update(group="")
    root = site.people.user("root", super_administrator=True)
    assert site.update(root, group="").path == "hammer"


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "x.git", "a\0b", "x" * 101, "a\ud800"])
def test_names_that_cannot_be_ones(site: Site, name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        site.update(name=name)
    assert set(caught.value.problems) == {"name"}


def test_every_problem_is_told_at_once(site: Site) -> None:
    with pytest.raises(InvalidError) as caught:
        site.update(name="..", owner="nobody", description="\0")
    assert set(caught.value.problems) == {"name", "owner", "description"}


def test_owner_is_an_active_account(site: Site) -> None:
    eve = site.people.user("eve")
    site.update(owner="EVE")
    assert site.stored().owner_id == eve.user_id
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("bob"))
        services.users.disable(COMMAND_LINE, services.users.get("eve"))
    root = site.people.user("root", super_administrator=True)
    with pytest.raises(InvalidError, match="'bob' is none"):
        site.update(root, owner="bob")
    with pytest.raises(InvalidError, match="'' is none"):
        site.update(root, owner="")
    # who owns it already is not asked about
    site.update(root, owner="eve", description="words")
    assert site.stored().description == "words"


def test_only_administrators_change_anything(site: Site) -> None:
    site.grant(Level.WRITE, "tools/hammer")
    with pytest.raises(ForbiddenError):
        site.update(description="words")
    site.grant(Level.NONE, "tools/hammer")
    with pytest.raises(NotFoundError):
        site.update(description="words")


def test_changes_are_recorded_and_tell_readers_nothing_of_before(site: Site) -> None:
    site.update(group="mine", private=True, owner="bob")
    with reading(site.application) as services:
        audit = services.audit.list_(limit=1)[0]
        journal = services.session.scalars(select(JournalEntry).order_by(JournalEntry.journal_entry_id.desc())).first()
    assert (audit.action, audit.target) == ("repository.update", "repository:tools/hammer")
    assert json.loads(audit.before) == {"path": "tools/hammer", "private": False, "owner": None}
    assert json.loads(audit.after) == {"path": "mine/hammer", "private": True, "owner": "bob"}
    assert journal is not None
    assert (journal.action, journal.repository_path) == ("repository.update", "mine/hammer")
    assert json.loads(journal.details) == {"changed": ["owner", "path", "private"]}


def test_what_stays_the_same_is_not_recorded(site: Site) -> None:
    with reading(site.application) as services:
        before = services.audit.list_(limit=1)[0].audit_entry_id
    site.update(name="hammer", group="tools", owner="", description="", private=False)
    with reading(site.application) as services:
        assert services.session.scalars(select(AuditEntry.audit_entry_id)).all()[-1] == before


def test_rights_follow_a_move_in_the_same_unit(site: Site) -> None:
    with writing(site.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("bob"))
        assert services.permissions.tree(viewer).groups
        asked = RepositoryChange(group="mine")
        row = services.repository_settings.update(COMMAND_LINE, viewer, site.row.repository_id, asked)
        assert services.permissions.level(viewer, row) is Level.ADMIN
        assert [found.path for found in services.repository_lists.list_(viewer).rows] == ["mine/hammer"]


def test_groups_with_room(site: Site) -> None:
    root = site.people.user("root", super_administrator=True)
    with reading(site.application) as services:
        assert services.repository_groups.with_room(site.people.viewer(site.bob)) == ("mine",)
        assert services.repository_groups.with_room(site.people.viewer(root)) == ("", "hidden", "mine", "seen", "tools")
