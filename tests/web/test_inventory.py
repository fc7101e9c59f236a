"""The page of all repositories."""

import csv
import io

import pytest

from kallithea.core.names import MAX_PATH
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from kallithea.web.repositories import inventory
from tests.statements import counted
from tests.web.site import Browser, Site, get, links

NAME = "/_admin/repositories"


@pytest.fixture
def root(site: Site) -> Browser:
    site.user("root", administrator=True)
    return site.browser("root")


def table(answer: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer)))


def test_empty_site(root: Browser) -> None:
    page = get(root, NAME).text
    assert "What is created, imported or found" in page
    assert "No repository fits this filter." in get(root, f"{NAME}?f=x").text


def test_rows_lead_to_what_can_be_done(site: Site, root: Browser) -> None:
    site.repository("a", Kind.GIT, private=True)
    site.repository("b", Kind.HG)
    answer = get(root, NAME)
    assert {"/a", "/a/settings", "/a/settings/delete", "/b", "/_admin/repositories.csv"} <= set(links(answer))
    filtered = get(root, f"{NAME}?kind=hg&state=all&group=&owner=")
    assert "/a/settings" not in links(filtered)
    assert "/_admin/repositories.csv?kind=hg" in links(filtered)


@pytest.mark.parametrize("query", ["kind=svn", "state=odd", "page=0", "page=x", f"group={'x' * MAX_PATH * 2}", "f=%00"])
def test_what_is_no_filter_is_no_error(site: Site, root: Browser, query: str) -> None:
    site.repository("a")
    assert get(root, f"{NAME}?{query}").status_int == 200
    assert get(root, f"{NAME}.csv?{query}").status_int == 200


def test_pages_are_bounded_whatever_there_is(site: Site, root: Browser) -> None:
    site.shorten_lists(2)
    counts, page = [], get(root, NAME)
    for number in range(3):
        site.repository(f"r{number}")
        with counted(site.application.engine) as statements:
            page = get(root, NAME)
        counts.append(len(statements))
    assert len(set(counts)) == 1
    assert "/r1/settings" in links(page)
    assert "/r2/settings" not in links(page)
    assert "/r2/settings" in links(get(root, f"{NAME}?page=2"))


def test_table_has_all_in_batches(site: Site, root: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "_BATCH", 2)
    site.user("ada")
    for number in range(5):
        site.repository(f"r{number}", private=number == 0)
    with writing(site.application) as services:
        services.repositories.get("r0").owner_id = services.users.get("ada").user_id
    answer = get(root, f"{NAME}.csv")
    heads, *lines = table(answer.text)
    assert heads == ["id", "path", "kind", "private", "owner", "created", "updated", "fork", "remote"]
    assert [line[1] for line in lines] == ["r0", "r1", "r2", "r3", "r4"]
    assert (lines[0][3], lines[0][4], lines[1][3], lines[1][4]) == ("yes", "ada", "no", "")
    assert [line[1] for line in table(get(root, f"{NAME}.csv?state=private").text)[1:]] == ["r0"]


def test_cells_are_no_formulas(site: Site, root: Browser) -> None:
    site.repository("r")
    with writing(site.application) as services:
        location = services.repositories.get("r").location
        location.path = location.path_key = "=cmd"
    assert table(get(root, f"{NAME}.csv").text)[1][1] == "'=cmd"
