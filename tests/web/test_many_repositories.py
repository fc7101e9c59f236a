"""The list of repositories of a large site."""

import pytest
from sqlalchemy import insert

from kallithea.core.access import Level, Visibility
from kallithea.model.location import Location
from kallithea.model.repository import Repository
from kallithea.model.repository_group import RepositoryGroup
from kallithea.services.work import writing
from kallithea.web.home.options import SORTS, Part
from kallithea.web.home.side import MOST_GROUPS
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


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?f=r1&kind=git",
        *(f"?sort={sort}" for sort in SORTS),
        *(f"?show={part}" for part in Part if part),
        *(f"?visibility={visibility}" for visibility in Visibility),
    ],
)
def test_a_large_list_takes_few_statements(large: Site, query: str) -> None:
    browser = large.browser("ada")
    with counted(large.application.engine) as statements:
        assert get(browser, f"/{query}").status_int == 200
    assert len(statements) <= 6, statements


def test_a_large_list_shows_a_page_and_some_groups(large: Site) -> None:
    browser = large.browser("ada")
    for address, total in (("/", "300"), ("/?f=g0002/r1001&sort=name", "1")):
        page = get(browser, address)
        assert page.html.select_one("h1 .sub").text == total
        assert len(page.html.select("tbody tr")) == min(int(total), 50)
        groups = page.html.select('nav[aria-label="Repository groups"] ul')[1].select("li")
        assert len(groups) == MOST_GROUPS + 1
        assert groups[-1].text.strip() == "All groups (30)"


def test_all_groups_are_listed_page_by_page(large: Site) -> None:
    large.grant("ada", Level.READ)
    browser = large.browser("ada")
    with counted(large.application.engine) as statements:
        page = get(browser, "/").click("All groups")
    assert len(statements) <= 12
    assert page.html.select_one("h1 .sub").text == "1\N{NARROW NO-BREAK SPACE}000"
    assert [link.text for link in page.html.select("tbody a")] == [f"g{number:04}" for number in range(1, 101)]
    page = page.click("Next")
    assert page.html.select_one("tbody a").text == "g0101"
    assert [link.text for link in get(browser, "/_groups?f=G077").html.select("tbody a")] == [
        f"g{number:04}" for number in range(770, 780)
    ]


@pytest.mark.parametrize("sort", ["updated", "-updated", "name", "-name", "followed"])
def test_a_page_of_a_large_list_comes_from_an_index(large: Site, sort: str) -> None:
    """Not every repository that may be read is sorted; all of them are counted."""
    large.grant("ada", Level.READ)
    browser = large.browser("ada")
    with counted(large.application.engine) as statements:
        get(browser, f"/?sort={sort}")
    (statement,) = [one for one in statements if "LIMIT" in one]
    with large.application.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (0,) * statement.count("?"))
        plan = [row[3] for row in rows]
    (count,) = [place for place, step in enumerate(plan) if step.startswith("SCALAR SUBQUERY")]
    assert "SCAN repositories" not in plan[:count]
    assert any("USING INDEX" in step and step.startswith("SCAN") for step in plan[:count])
