"""The list of repositories, of the site and of a group."""

import datetime

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.repository import Repository
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.web.site import Site, get


def _names(site: Site, address: str = "/", user: str | None = None) -> list[str]:
    page = get(site.browser(user), address)
    return [link["href"].removeprefix("/") for link in page.html.select("tbody a.strong")]


@pytest.fixture
def harbour(site: Site) -> Site:
    """Repositories in two groups; visitors may read all but one."""
    for group in ("harbour", "harbour/deep", "platform"):
        site.group(group)
    for path, kind in (("harbour/a", Kind.GIT), ("harbour/deep/b", Kind.HG), ("platform/c", Kind.GIT), ("d", Kind.HG)):
        site.repository(path, kind)
    site.repository("platform/secret-thing", private=True)
    site.grant("visitors", Level.READ)
    return site


def _touch(site: Site, path: str, days: int) -> None:
    with writing(site.application) as services:
        repository: Repository = services.repositories.get(path)
        repository.updated = datetime.datetime(2029, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days)


def test_the_last_change_is_first(harbour: Site) -> None:
    for days, path in enumerate(("platform/c", "d", "harbour/a", "harbour/deep/b")):
        _touch(harbour, path, days)
    assert _names(harbour) == ["harbour/deep/b", "harbour/a", "d", "platform/c"]


def test_sorting_by_name_kind_and_part_of_the_name(harbour: Site) -> None:
    assert _names(harbour, "/?sort=name") == ["d", "harbour/a", "harbour/deep/b", "platform/c"]
    assert _names(harbour, "/?sort=name&kind=hg") == ["d", "harbour/deep/b"]
    assert _names(harbour, "/?f=HARB&sort=name") == ["harbour/a", "harbour/deep/b"]
    assert _names(harbour, "/?f=nothing") == []


def test_filtering_by_description_and_owner_and_what_is_mine(harbour: Site) -> None:
    ada = harbour.user("ada")
    with writing(harbour.application) as services:
        services.repositories.get("platform/c").owner_id = ada
        services.repositories.get("d").description = "Draws charts"
    assert _names(harbour, "/?f=CHART") == ["d"]
    assert _names(harbour, "/?f=ada") == ["platform/c"]
    assert _names(harbour, "/?sort=owner")[-1] == "platform/c"
    page = get(harbour.browser("ada"), "/")
    mine = next(link["href"] for link in page.html.select(".k-side a") if link.text == "Mine")
    assert _names(harbour, mine, "ada") == ["platform/c"]
    # of somebody unknown nothing is theirs
    assert len(_names(harbour, mine)) == 4
    assert [link.text for link in get(harbour.browser(), "/").html.select(".k-side a")][:1] == ["All repositories"]


def test_a_group_page_lists_what_is_below(harbour: Site) -> None:
    page = get(harbour.browser(), "/harbour")
    assert sorted(_names(harbour, "/harbour")) == ["harbour/a", "harbour/deep/b"]
    assert page.html.select_one('nav[aria-label="Repository groups"] a[href="/harbour/deep"]') is not None


def test_what_one_may_not_read_is_not_listed_nor_counted(harbour: Site) -> None:
    harbour.user("root", administrator=True)
    assert "platform/secret-thing" in _names(harbour, user="root")
    page = get(harbour.browser(), "/")
    assert "secret-thing" not in page.text
    assert page.html.select_one('a[href="/platform"] .k-count').text == "1"
    assert page.html.select_one("h1 .sub").text == "4"


def test_a_group_with_nothing_readable_is_not_there(harbour: Site) -> None:
    harbour.group("secret")
    harbour.repository("secret/x", private=True)
    harbour.grant("visitors", Level.NONE, "secret")
    assert "secret" not in get(harbour.browser(), "/").text
    assert get(harbour.browser(), "/secret").status_int == 404


def test_lists_say_who_may_read(site: Site) -> None:
    for path in ("open", "members", "closed", "mine"):
        site.repository(path, private=path == "closed")
    site.grant("visitors", Level.READ)
    site.grant("signed-in", Level.READ)
    for path in ("members", "mine"):
        site.grant("visitors", Level.NONE, path)
    site.grant("signed-in", Level.NONE, "mine")
    site.user("root", administrator=True)
    rows = get(site.browser("root"), "/?sort=name").html.select("tbody tr")
    told = [(row.th.get_text(strip=True), row.select("td")[1]) for row in rows]
    assert [(name, cell.get_text(strip=True)) for name, cell in told] == [
        ("closedgit", "Private"), ("membersgit", "Internal"), ("minegit", "Private"), ("opengit", "Public")
    ]  # fmt: skip
    assert [cell.use["href"].partition("#")[2] for _, cell in told] == ["lock", "organization", "lock", "globe"]
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "visitors", "false")
    assert "Public" not in get(site.browser("root"), "/").text


def test_long_lists_are_paged(site: Site) -> None:
    site.grant("visitors", Level.READ)
    with writing(site.application) as services:
        for number in range(55):
            services.repositories.insert(
                COMMAND_LINE, kind=Kind.GIT, path=f"r{number:02}", folder=f"r{number:02}", owner_id=None
            )
    assert _names(site, "/?sort=name&page=2") == ["r50", "r51", "r52", "r53", "r54"]
    assert get(site.browser(), "/?sort=name").html.find("a", string="Next")["href"] == "/?sort=name&page=2"
    assert _names(site, "/?page=999") == []


def test_nothing_to_see_is_said_with_what_to_do(site: Site) -> None:
    assert "Sign in" in get(site.browser(), "/").text
    site.user("root", administrator=True)
    assert "New repository" in get(site.browser("root"), "/").text


def test_closing_the_site_to_visitors_hides_everything(harbour: Site) -> None:
    with writing(harbour.application) as services:
        services.settings.set_(COMMAND_LINE, "visitors", "false")
    assert _names(harbour) == []
    assert get(harbour.browser(), "/harbour/a").status_int == 404
