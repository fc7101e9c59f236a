"""Lists of repositories: what they hold, their order, and their pages."""

import datetime

import pytest

from kallithea.core.access import SIGNED_IN, VISITORS, Level, Visibility
from kallithea.services.application import Application
from kallithea.services.repository_lists import RepositoryRow
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.people import Factory
from tests.statements import counted


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
        assert [row.path for row in services.repository_lists.list_(viewer, owned=True).rows] == ["tools/anvil"]


@pytest.mark.parametrize(("offset", "total"), [(0, 6), (5, 6), (6, 6), (100, 6)])
def test_every_page_knows_how_many_there_are(tools: Factory, offset: int, total: int) -> None:
    viewer = tools.viewer(tools.user())
    with reading(tools.application) as services:
        found = services.repository_lists.list_(viewer, offset=offset, limit=1)
    assert (found.total, len(found.rows)) == (total, int(offset < total))


def test_list_of_one_kind(tools: Factory) -> None:
    assert _paths(tools, kind=Kind.HG) == ["tools/hand/hammer", "tools/hand/small/pin"]


def test_list_by_last_change(tools: Factory) -> None:
    with writing(tools.application) as services:
        services.repositories.get("tools/hand/hammer").updated = services.now
    assert _paths(tools, sort="updated", limit=1) == ["tools/hand/hammer"]


def test_lists_can_be_turned_round(tools: Factory) -> None:
    zoe = tools.user("zoe")
    with writing(tools.application) as services:
        services.repositories.get("tools/hand/hammer").updated = services.now
        services.repositories.get("tools/anvil").owner_id = zoe.user_id
    paths = _paths(tools)
    assert _paths(tools, backwards=True) == paths[::-1]
    assert _paths(tools, sort="updated", backwards=True)[-1] == "tools/hand/hammer"
    assert _paths(tools, sort="owner", backwards=True)[0] == "tools/anvil"


def test_list_of_one_visibility(tools: Factory) -> None:
    open_to_all = tools.repository("open")
    tools.admit_visitors()
    tools.grant(VISITORS, Level.READ, on=open_to_all)
    assert _paths(tools, visibility=Visibility.PUBLIC) == ["open"]
    internal, private = (_paths(tools, visibility=one) for one in (Visibility.INTERNAL, Visibility.PRIVATE))
    assert "tools/hand/hammer" in internal
    assert sorted([*internal, *private, "open"]) == sorted(_paths(tools))


def test_what_the_viewer_follows_comes_first(tools: Factory) -> None:
    zoe = tools.user("zoe")
    followed = ["tools/hand/small/pin", "tools/anvil"]
    with writing(tools.application) as services:
        for days, path in enumerate(["tools/hand/hammer", *followed]):
            repository = services.repositories.get(path)
            repository.updated = services.now + datetime.timedelta(days=3 - days)
            user_id = zoe.user_id if path in followed else repository.owner_id or 0
            services.followers.ensure(user_id, repository.repository_id)
    viewer = tools.viewer(zoe)
    with reading(tools.application) as services:
        whole = services.repository_lists.list_(viewer, sort="followed").rows
        pages = [services.repository_lists.list_(viewer, sort="followed", offset=start, limit=1) for start in range(6)]
        own = services.repository_lists.list_(viewer, sort="followed", followed=True)
        nobody = services.repository_lists.list_(tools.viewer(None), followed=True)
        by_change = services.repository_lists.list_(viewer, sort="updated").rows
    assert [row.path for row in whole[:2]] == followed
    assert [row.followed for row in whole] == [True, True, False, False, False, False]
    assert [row for row in by_change if not row.followed] == list(whole[2:])
    assert [page.rows for page in pages] == [(row,) for row in whole]
    assert {page.total for page in pages} == {6}
    assert ([row.path for row in own.rows], own.total) == (followed, 2)
    assert nobody.rows == ()


def test_page_of_a_list_takes_one_statement_beyond_rights(tools: Factory) -> None:
    engine = tools.application.engine
    viewer = tools.viewer(tools.user())
    with reading(tools.application) as services:
        services.permissions.tree(viewer)
        with counted(engine) as statements:
            page = services.repository_lists.list_(viewer, offset=1, limit=2)
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


def _paths(people: Factory, **criteria: object) -> list[str]:
    with reading(people.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        found = services.repository_lists.list_(viewer, **criteria)  # type: ignore[arg-type]  # as the test says
        assert "limit" in criteria or found.total == len(found.rows)
        return [row.path for row in found.rows]
