"""The list of repositories of a large site."""

import pytest
from sqlalchemy import insert

from kallithea.core.access import Level
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.work import writing
from tests.statements import counted
from tests.web.site import Site, get

_GROUPS, _REPOSITORIES = 1_000, 10_000


@pytest.fixture
def large(site: Site) -> Site:
    """Ten thousand repositories in a thousand groups, of which an account may read some."""
    site.user("ada")
    with writing(site.application) as services:
        now = services.now
        groups = range(1, _GROUPS + 1)
        group_rows = [{"repository_group_id": number, "description": "", "created": now} for number in groups]
        services.session.execute(insert(RepositoryGroup), group_rows)
        shared = {"kind": "git", "description": "", "created": now, "updated": now}
        rows = [
            shared
            | {"repository_id": number, "group_id": number % _GROUPS + 1, "folder": f"{number}", "private": False}
            for number in range(1, _REPOSITORIES + 1)
        ]
        services.session.execute(insert(Repository), rows)
        places: list[tuple[str, object, object]] = [(f"g{number:04}", None, number) for number in groups]
        places += [(f"g{row['group_id']:04}/r{row['repository_id']}", row["repository_id"], None) for row in rows]
        services.session.execute(
            insert(Location),
            [
                {"path_key": path, "path": path, "repository_id": repository, "repository_group_id": group}
                for path, repository, group in places
            ],
        )
    for number in range(1, 31):
        site.grant("ada", Level.READ, f"g{number:04}")
    return site


def test_a_large_list_takes_few_statements_and_shows_a_page(large: Site) -> None:
    browser = large.browser("ada")
    for address, total in (("/", "300"), ("/?f=g0002/r1001&sort=name", "1")):
        with counted(large.application.engine) as statements:
            page = get(browser, address)
        assert len(statements) <= 6, statements
        assert page.html.select_one("h1 .sub").text == total
        assert len(page.html.select("tbody tr")) == min(int(total), 50)
        assert len(page.html.select('nav[aria-label="Repository groups"] .k-count')) == 30
