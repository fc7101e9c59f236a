"""The list of all repositories."""

import pytest

from kallithea.services.application import Application
from kallithea.services.repository_inventory import InventoryFilter, RepositoryState
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.people import Factory
from tests.statements import counted


def fill(application: Application) -> None:
    """Repositories in and beside a group; one is ada's, one private, one a fork."""
    people = Factory(application)
    ada = people.user("ada")
    people.group("Tools")
    people.group("tools/small")
    hammer = people.repository("tools/small/hammer", owner=ada, description="Hits nails")
    people.repository("tools/saw", kind=Kind.HG, private=True)
    fork = people.repository("toolshed", owner=ada)
    with writing(application) as services:
        services.repositories.get_by_id(fork.repository_id).fork_of_id = hammer.repository_id


@pytest.mark.parametrize(
    ("chosen", "paths"),
    [
        (InventoryFilter(), ["Tools/saw", "Tools/small/hammer", "toolshed"]),
        (InventoryFilter("NAILS"), ["Tools/small/hammer"]),
        (InventoryFilter("shed"), ["toolshed"]),
        (InventoryFilter("ada"), ["Tools/small/hammer", "toolshed"]),
        (InventoryFilter("%"), []),
        (InventoryFilter(kind=Kind.HG), ["Tools/saw"]),
        (InventoryFilter(state=RepositoryState.PRIVATE), ["Tools/saw"]),
        (InventoryFilter(state=RepositoryState.FORKS), ["toolshed"]),
        (InventoryFilter(state=RepositoryState.REMOTE), []),
        (InventoryFilter(state=RepositoryState.UNOWNED), ["Tools/saw"]),
        (InventoryFilter(group="TOOLS"), ["Tools/saw", "Tools/small/hammer"]),
        (InventoryFilter(group="tools/small"), ["Tools/small/hammer"]),
        (InventoryFilter(group="absent"), []),
        (InventoryFilter(owner="ADA", kind=Kind.GIT, group="tools"), ["Tools/small/hammer"]),
        (InventoryFilter(owner="ad"), []),
    ],
)
def test_filter(every_application: Application, chosen: InventoryFilter, paths: list[str]) -> None:
    fill(every_application)
    with reading(every_application) as services:
        rows, total = services.repository_inventory.list_(chosen)
    assert [row.path for row in rows] == paths
    assert total == len(paths)


def test_pages_and_batches_leave_none_out(application: Application) -> None:
    fill(application)
    with reading(application) as services, counted(application.engine) as statements:
        first, total = services.repository_inventory.list_(InventoryFilter(), limit=2)
        assert len(statements) == 2
        assert services.repository_inventory.list_(InventoryFilter(), offset=9) == ((), 3)
        rest = services.repository_inventory.list_after(InventoryFilter(), first[-1].path_key, limit=2)
    assert [row.path for row in (*first, *rest)] == ["Tools/saw", "Tools/small/hammer", "toolshed"]
    assert total == 3
