"""The list of repositories, of the site and of a group."""

import datetime

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.repository import Repository
from kallithea.services.repository_activity import CountedWeeks
from kallithea.services.work import writing
from kallithea.vcs import opener
from kallithea.vcs.types import Kind
from kallithea.web.home import side
from tests.applications import Clock
from tests.web.site import Site, get


def _names(site: Site, address: str = "/", user: str | None = None) -> list[str]:
    page = get(site.browser(user), address)
    return [link["href"].removeprefix("/") for link in page.html.select("tbody a.strong")]


def _places(page: Answer) -> dict[str, tuple[str, str]]:
    """What the column beside the list leads to before its groups: address and number."""
    links = page.html.select('nav[aria-label="Repository groups"] ul')[0].select("a")
    return {link.contents[1]: (link["href"], link.select_one(".k-count").text) for link in links}


def _directions(page: Answer) -> dict[str, str]:
    return {head.text: head["aria-sort"] for head in page.html.select("th[aria-sort]")}


def _follow(site: Site, name: str, *paths: str) -> None:
    with writing(site.application) as services:
        for path in paths:
            services.followers.ensure(services.users.get(name).user_id, services.repositories.get(path).repository_id)


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
    places = _places(get(harbour.browser("ada"), "/"))
    assert places["Mine"] == ("/?show=mine", "1")
    assert _names(harbour, "/?show=mine", "ada") == ["platform/c"]
    # of somebody unknown nothing is theirs
    assert len(_names(harbour, "/?show=mine")) == 4
    assert _places(get(harbour.browser(), "/")) == {"All repositories": ("/", "4")}


def test_what_one_follows_comes_first_and_has_a_list_of_its_own(harbour: Site) -> None:
    harbour.user("ada")
    for days, path in enumerate(("harbour/deep/b", "platform/c", "d", "harbour/a")):
        _touch(harbour, path, days)
    _follow(harbour, "ada", "platform/c", "platform/secret-thing")
    assert _names(harbour, user="ada") == ["platform/c", "harbour/a", "d", "harbour/deep/b"]
    assert _names(harbour) == ["harbour/a", "d", "platform/c", "harbour/deep/b"]
    assert _names(harbour, "/?sort=updated", "ada") == _names(harbour)
    page = get(harbour.browser("ada"), "/")
    assert ["followed" in row.th.text for row in page.html.select("tbody tr")] == [True, False, False, False]
    # what may not be read is neither shown nor counted
    assert _places(page)["Followed"] == ("/?show=followed", "1")
    assert _names(harbour, "/?show=followed", "ada") == ["platform/c"]
    assert len(_names(harbour, "/?show=followed")) == 4


def test_filtering_by_visibility(harbour: Site) -> None:
    harbour.user("root", administrator=True)
    harbour.grant("visitors", Level.NONE, "d")
    harbour.grant("signed-in", Level.READ, "d")
    for visibility, names in (
        ("public", ["harbour/a", "harbour/deep/b", "platform/c"]),
        ("internal", ["d"]),
        ("private", ["platform/secret-thing"]),
    ):
        assert _names(harbour, f"/?sort=name&visibility={visibility}", "root") == names
    assert len(_names(harbour, "/?visibility=secret", "root")) == 5


def test_headings_lead_to_their_order_and_turn_it_round(harbour: Site) -> None:
    page = get(harbour.browser(), "/?kind=git")
    assert _directions(page) == {"Last change": "descending"}
    page = page.click("Last change", index=0)
    assert _directions(page) == {"Last change": "ascending"}
    page = page.click("^Repository$")
    assert (page.request.path_qs, _directions(page)) == ("/?kind=git&sort=name", {"Repository": "ascending"})
    page = page.click("^Repository")
    assert (page.request.path_qs, _directions(page)) == ("/?kind=git&sort=-name", {"Repository": "descending"})
    assert [link["href"] for link in page.html.select("tbody a.strong")] == ["/platform/c", "/harbour/a"]
    assert page.html.select_one("#sort option[selected]")["value"] == "-name"


def test_the_form_keeps_what_was_asked_for(harbour: Site) -> None:
    harbour.user("ada")
    _follow(harbour, "ada", "platform/c", "d")
    address = "/?f=c&kind=git&visibility=public&show=followed&sort=-owner"
    page = get(harbour.browser("ada"), address)
    form = next(form for form in page.forms.values() if "visibility" in form.fields)
    again = form.submit()
    assert sorted(again.request.query_string.split("&")) == sorted(address[2:].split("&"))
    assert [link["href"] for link in again.html.select("tbody a.strong")] == ["/platform/c"]


@pytest.mark.parametrize("query", ["sort=nothing", "sort=followed", "kind=svn", "visibility=x", "show=yours", "page=x"])
def test_what_makes_no_sense_counts_as_not_asked(harbour: Site, query: str) -> None:
    assert sorted(_names(harbour, f"/?{query}")) == sorted(_names(harbour))


def test_a_group_page_lists_what_is_below(harbour: Site) -> None:
    with writing(harbour.application) as services:
        services.repository_groups.get("harbour").description = "Ships & <b>tides</b>"
    page = get(harbour.browser(), "/harbour")
    assert sorted(_names(harbour, "/harbour")) == ["harbour/a", "harbour/deep/b"]
    assert _names(harbour, "/harbour?kind=hg") == ["harbour/deep/b"]
    assert page.html.select_one('nav[aria-label="Repository groups"] a[href="/harbour/deep"]') is not None
    assert "Ships & <b>tides</b>" in page.html.text
    assert [link.text for link in page.html.select("main a.btn")] == ["Search"]
    page = get(harbour.browser(), "/harbour/deep")
    crumbs = [(link.text, link["href"]) for link in page.html.select('nav[aria-label="Group path"] a')]
    assert crumbs == [("Repositories", "/"), ("harbour", "/harbour"), ("deep", "/harbour/deep")]
    assert page.html.select_one("h1").contents[0].strip() == "deep"


def test_who_administers_a_group_is_led_to_what_can_be_made_there(harbour: Site) -> None:
    harbour.user("ada")
    harbour.grant("ada", Level.ADMIN, "harbour")
    page = get(harbour.browser("ada"), "/harbour/deep")
    assert [(link.text, link["href"]) for link in page.html.select("main .k-head a")] == [
        ("Search", "/_admin/repo_groups/harbour/deep/search"),
        ("Settings", "/_admin/repo_groups/harbour/deep/edit"),
        ("New group", "/_admin/repo_groups/new?group=harbour%2Fdeep"),
        ("Import", "/_admin/import_repository?repo_name=harbour%2Fdeep%2F"),
        ("New repository", "/_admin/create_repository?group=harbour%2Fdeep"),
    ]
    others = get(harbour.browser("ada"), "/platform").html.select("main .k-head a")
    assert [link.text for link in others] == ["Search"]


def test_few_groups_are_shown_with_those_below_them(harbour: Site) -> None:
    column = get(harbour.browser(), "/").html.select('nav[aria-label="Repository groups"] > ul')[1]
    shown = [(link["href"], link.select_one(".k-count").text) for link in column.select("a:has(.k-count)")]
    assert shown == [("/harbour", "2"), ("/harbour/deep", "1"), ("/platform", "1")]
    assert column.select("a")[-1].text == "All groups (3)"
    # inside of a group that shows all there is, there is nothing more to list
    assert "All groups" not in get(harbour.browser(), "/harbour").text


def test_many_groups_make_way_for_those_that_are_near(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "MOST_GROUPS", 3)
    site.grant("visitors", Level.READ)
    ada = site.user("ada")
    for name in "abcde":
        site.group(name)
        site.repository(f"{name}/r")
    site.repository("c/more")
    with writing(site.application) as services:
        services.repositories.get("e/r").owner_id = ada
    _follow(site, "ada", "d/r")
    address = 'nav[aria-label="Repository groups"] > ul:nth-of-type(2) a'
    assert [link["href"] for link in get(site.browser("ada"), "/").html.select(address)] == [
        "/c",
        "/d",
        "/e",
        "/_groups",
    ]
    assert [link["href"] for link in get(site.browser(), "/").html.select(address)] == ["/a", "/b", "/c", "/_groups"]


def test_list_of_all_groups(harbour: Site) -> None:
    with writing(harbour.application) as services:
        services.repository_groups.get("platform").description = "Cranes, Docks"
    harbour.group("hidden")
    harbour.grant("visitors", Level.NONE, "hidden")
    browser = harbour.browser()
    page = get(browser, "/_groups")
    rows = [(row.select_one("a.strong")["href"], row.td.text) for row in page.html.select("tbody tr")]
    assert rows == [("/harbour", "2"), ("/harbour/deep", "1"), ("/platform", "1")]
    for text, found in (("DEEP", ["/harbour/deep"]), ("docks", ["/platform"]), ("harbour/", ["/harbour/deep"])):
        answer = get(browser, f"/_groups?f={text}")
        assert [link["href"] for link in answer.html.select("tbody a.strong")] == found
    assert "No group matches" in get(browser, "/_groups?f=hidden").text
    assert "No further groups" in get(browser, "/_groups?page=2").text
    assert page.html.select("main .k-head a") == []
    harbour.user("root", administrator=True)
    assert get(harbour.browser("root"), "/_groups").html.select_one("main .k-head a").text == "New group"


def test_list_of_no_groups(site: Site) -> None:
    assert "No groups" in get(site.browser(), "/_groups").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?show=followed", "No followed repositories"),
        ("?show=mine", "No repositories of yours"),
        ("?f=nothing", "No repository matches"),
        ("?show=mine&kind=hg", "No repository matches"),
        ("?page=2", "No further repositories"),
    ],
)
def test_an_empty_list_says_why(harbour: Site, query: str, words: str) -> None:
    harbour.user("ada")
    assert words in get(harbour.browser("ada"), f"/{query}").html.select_one(".k-empty").text


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
    assert "Public" not in get(site.browser("root"), "/").html.tbody.text


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


def test_lists_draw_the_commits_of_the_last_weeks(harbour: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    harbour.application.clock = Clock()
    with writing(harbour.application) as services:
        counted = CountedWeeks("a" * 40, datetime.date(2029, 12, 31), (0,) * 9 + (1, 0, 4))
        services.repository_activities.ensure(services.repositories.get("d").repository_id, counted)
    # no repository is opened for it
    monkeypatch.delattr(opener, "open_repository")
    rows = {row.select_one("a.strong").text: row for row in get(harbour.browser(), "/").html.select("tbody tr")}
    assert {name for name, row in rows.items() if row.select("svg.k-spark")} == {"d"}
    picture = rows["d"].select_one("svg.k-spark")
    assert picture["aria-label"] == "5 commits in 12 weeks"
    bars = [(bar["class"], bar["height"]) for bar in picture.select("rect")]
    assert bars == [(["z"], "1")] * 9 + [(["b"], "5"), (["z"], "1"), (["b"], "20")]
