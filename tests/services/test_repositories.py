"""Repositories: rows, lists of what may be read, and where the files lie."""

import json

import pytest
from sqlalchemy import func, select

from kallithea.core.access import SIGNED_IN, Level, Visibility
from kallithea.core.actor import Actor, Way
from kallithea.core.errors import ConflictError, InvalidError, NotFoundError
from kallithea.model.grant import Grant
from kallithea.model.location import Location
from kallithea.model.outbox import OutboxJob
from kallithea.services.application import Application
from kallithea.services.repositories import RepositoryRow
from kallithea.services.work import reading, writing
from kallithea.vcs import opener
from kallithea.vcs.types import Kind
from tests.factories.people import Factory
from tests.statements import counted

ADA = Actor(None, "ada", Way.WEB)


def test_repository_is_found_by_path_in_whatever_case(application: Application) -> None:
    people = Factory(application)
    people.group("Tools")
    made = people.repository("Tools/Hammer", kind=Kind.HG, description="hits", private=True)
    with reading(application) as services:
        found = services.repositories.get("tools/HAMMER")
        assert found.repository_id == made.repository_id
        assert (found.path, found.name, found.kind, found.description, found.private) == (
            "Tools/Hammer",
            "Hammer",
            "hg",
            "hits",
            True,
        )
        assert services.repositories.get_by_id(made.repository_id) is found
        assert services.repositories.find("tools") is None
        with pytest.raises(NotFoundError):
            services.repositories.get("x")
        with pytest.raises(NotFoundError):
            services.repositories.get_by_id(404)


def test_folder_belongs_to_one_repository(application: Application) -> None:
    people = Factory(application)
    people.repository("one", folder="same")
    with pytest.raises(ConflictError):
        people.repository("two", folder="same")


def test_description_that_cannot_be_stored_is_refused(application: Application) -> None:
    for description in ("nul\0", "\ud800", "x" * 10_001):
        with pytest.raises(InvalidError, match="use at most 10\u202f000 characters"):
            Factory(application).repository("tool", description=description)


def test_new_repository_is_in_audit_and_journal(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    with writing(application) as services:
        services.repositories.insert(ADA, kind=Kind.GIT, path="tool", folder="tool", owner_id=ada.user_id)
    with reading(application) as services:
        audit = services.audit.list_()[0]
        assert (audit.action, audit.target) == ("repository.create", "repository:tool")
        (event,) = services.journal.list_(services.permissions.viewer_for(ada))
        assert (event.action, event.repository_path, event.user_name) == ("repository.create", "tool", "ada")
        assert json.loads(event.details) == {}


def test_deleted_repository_leaves_only_its_story(every_application: Application) -> None:
    people = Factory(every_application)
    tool = people.repository("tool", folder="some/folder")
    people.grant(SIGNED_IN, Level.READ, on=tool)
    with writing(every_application) as services:
        services.repositories.delete(ADA, services.repositories.get("tool"))
    with reading(every_application) as services:
        for table in (Location, Grant):
            assert services.session.scalar(select(func.count()).select_from(table)) == 0
        job = services.session.scalars(select(OutboxJob)).one()
        assert (job.kind, json.loads(job.arguments)) == ("RemoveFolder", {"folder": "some/folder"})
        assert services.audit.list_()[0].action == "repository.delete"
    # the place is free again
    people.repository("tool", folder="some/folder")


def test_journal_shows_what_may_be_read(application: Application) -> None:
    people = Factory(application)
    ada = people.user("ada")
    tool, _ = people.repository("tool"), people.repository("hidden")
    people.grant(ada, Level.READ, on=tool)
    with reading(application) as services:
        viewer = services.permissions.viewer_for(ada)
        assert [event.repository_path for event in services.journal.list_(viewer)] == ["tool"]
        assert len(services.journal.list_(viewer, repository_id=tool.repository_id)) == 1
        assert services.journal.list_(services.permissions.viewer_for(None)) == []


@pytest.fixture
def tools(every_application: Application) -> Factory:
    """Repositories in and outside of groups, all readable but one."""
    people = Factory(every_application)
    people.grant(SIGNED_IN, Level.READ)
    ada = people.user("ada")
    for path in ("tools", "tools/hand", "tools/hand/small", "toolsmith"):
        people.group(path)
    for path in ("Top", "tools/anvil", "tools/hand/hammer", "tools/hand/small/pin", "toolsmith/x_y", "toolsmith/xay"):
        people.repository(path, kind=Kind.HG if "hand" in path else Kind.GIT, owner=ada)
    people.repository("tools/secret", private=True)
    return people


def test_list_is_what_may_be_read(tools: Factory) -> None:
    found = ["tools/anvil", "tools/hand/hammer", "tools/hand/small/pin", "toolsmith/x_y", "toolsmith/xay", "Top"]
    assert _paths(tools) == found
    assert _paths(tools, group_id=None) == ["Top"]
    assert _paths(tools, group_id=None, recursive=True) == found


def test_list_of_a_group_and_of_all_below_it(tools: Factory) -> None:
    with reading(tools.application) as services:
        group_id = services.repository_groups.get("tools").repository_group_id
    assert _paths(tools, group_id=group_id) == ["tools/anvil"]
    assert _paths(tools, group_id=group_id, recursive=True) == [
        "tools/anvil",
        "tools/hand/hammer",
        "tools/hand/small/pin",
    ]
    assert _paths(tools, group_id=404) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HAM", ["tools/hand/hammer"]),
        ("x_y", ["toolsmith/x_y"]),
        ("%", []),
        ("secret", []),
        ("nul\0", []),
        ("hand/", ["tools/hand/hammer", "tools/hand/small/pin"]),
    ],
    ids=ascii,
)
def test_list_can_be_filtered_by_a_part_of_the_path(tools: Factory, text: str, expected: list[str]) -> None:
    assert _paths(tools, filter=text) == expected


def test_list_can_be_filtered_by_description_and_owner(tools: Factory) -> None:
    ada = tools.user("zoe")
    with writing(tools.application) as services:
        services.repositories.get("tools/anvil").owner_id = ada.user_id
        services.repositories.get("tools/hand/hammer").description = "For NAILS of 50 % steel"
    assert _paths(tools, filter="ZOE") == ["tools/anvil"]
    assert _paths(tools, filter="nails") == ["tools/hand/hammer"]
    assert _paths(tools, filter="0 % s") == ["tools/hand/hammer"]
    assert _paths(tools, sort="owner")[-1] == "tools/anvil"


def test_list_of_what_the_viewer_owns(tools: Factory) -> None:
    ada, bob = tools.user("zoe"), tools.user("bob")
    with writing(tools.application) as services:
        services.repositories.get("tools/anvil").owner_id = ada.user_id
        services.repositories.get("tools/hand/hammer").owner_id = bob.user_id
    viewer = tools.viewer(ada)
    with reading(tools.application) as services:
        assert [row.path for row in services.repositories.list_(viewer, owned=True).rows] == ["tools/anvil"]


@pytest.mark.parametrize(("offset", "total"), [(0, 6), (5, 6), (6, 6), (100, 6)])
def test_every_page_knows_how_many_there_are(tools: Factory, offset: int, total: int) -> None:
    viewer = tools.viewer(tools.user())
    with reading(tools.application) as services:
        found = services.repositories.list_(viewer, offset=offset, limit=1)
    assert (found.total, len(found.rows)) == (total, int(offset < total))


def test_list_of_one_kind(tools: Factory) -> None:
    assert _paths(tools, kind=Kind.HG) == ["tools/hand/hammer", "tools/hand/small/pin"]


def test_list_by_last_change(tools: Factory) -> None:
    with writing(tools.application) as services:
        services.repositories.get("tools/hand/hammer").updated = services.now
    assert _paths(tools, sort="updated", limit=1) == ["tools/hand/hammer"]


def test_page_of_a_list_takes_one_statement_beyond_rights(tools: Factory) -> None:
    engine = tools.application.engine
    viewer = tools.viewer(tools.user())
    with reading(tools.application) as services:
        services.permissions.tree(viewer)
        with counted(engine) as statements:
            page = services.repositories.list_(viewer, offset=1, limit=2)
    assert len(statements) == 1
    assert page.total == 6
    (hammer, _) = page.rows
    assert hammer == RepositoryRow(
        hammer.repository_id,
        Kind.HG,
        "tools/hand/hammer",
        "hammer",
        description="",
        private=False,
        visibility=Visibility.INTERNAL,
        updated=hammer.updated,
        owner="ada",
    )


def test_files_are_opened_where_the_row_says(application: Application) -> None:
    folder = application.settings.repository_folder / "some" / "where"
    folder.parent.mkdir(parents=True)
    opener.create_repository(Kind.GIT, folder, application.vcs_options)
    made = Factory(application).repository("tool", folder="some/where")
    with reading(application) as services:
        assert services.repositories.folder(made) == folder
        with services.repositories.open(made) as repository:
            assert repository.kind is Kind.GIT
            assert repository.is_empty()


def _paths(people: Factory, **criteria: object) -> list[str]:
    with reading(people.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        found = services.repositories.list_(viewer, **criteria)  # type: ignore[arg-type]  # as the test says
        assert "limit" in criteria or found.total == len(found.rows)
        return [row.path for row in found.rows]
