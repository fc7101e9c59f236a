"""What one follows, and what one may do with each repository."""

import pytest

from kallithea.core.access import Level
from kallithea.services.work import writing
from kallithea.web.my_account import repositories
from tests.statements import counted
from tests.web.site import Browser, Site, get


@pytest.fixture
def ada(site: Site) -> Browser:
    """A browser of ada, who may write to a/one, read a/two, and not see hidden; she follows two of them."""
    user_id = site.user("ada")
    site.group("a")
    for path in ("a/one", "a/two", "hidden"):
        site.repository(path)
    site.grant("ada", Level.READ, "a")
    site.grant("ada", Level.WRITE, "a/one")
    with writing(site.application) as services:
        for path in ("a/two", "hidden"):
            services.followers.ensure(user_id, services.repositories.get(path).repository_id)
    return site.browser("ada")


def test_levels_are_listed(ada: Browser) -> None:
    rows = get(ada, "/_admin/my_account/perms").html.select_one("table").select("tbody tr")
    assert [(row.a.text, row.select_one(".k-chip").text) for row in rows] == [("a/one", "write"), ("a/two", "read")]


def test_groups_in_which_one_may_write_are_listed(site: Site, ada: Browser) -> None:
    for path in ("a/team", "a/team/deep", "secret"):
        site.group(path)
    site.grant("ada", Level.ADMIN, "a/team")
    table = get(ada, "/_admin/my_account/perms").html.select_one("table")
    rows = [(row.a.text, row.select_one(".k-chip").text) for row in table.select("tbody tr")]
    assert rows == [("a/team", "admin"), ("a/team/deep", "admin")]


def test_what_is_followed_is_listed_and_let_go(site: Site, ada: Browser) -> None:
    page = get(ada, "/_admin/my_account/watched")
    assert [link.text for link in page.html.select("tbody a")] == ["a/two"]
    site.post(ada, "/a/two/unfollow", {})
    assert "No followed repositories" in get(ada, "/_admin/my_account/watched").text


def test_long_lists_have_pages_and_cost_the_same(site: Site, ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(site.application.engine) as whole:
        get(ada, "/_admin/my_account/perms")
    monkeypatch.setattr(repositories, "PAGE_SIZE", 1)
    with counted(site.application.engine) as second:
        page = get(ada, "/_admin/my_account/perms?page=2")
    assert [link.text for link in page.html.select("tbody a")] == ["a/two"]
    assert "2 to 2 of 2" in page.text
    assert len(second) <= len(whole)


def test_own_repositories_are_a_part_of_the_list_of_all(ada: Browser) -> None:
    assert get(ada, "/_admin/my_account/repos").location == "/?show=mine"
