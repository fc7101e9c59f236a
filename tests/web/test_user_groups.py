"""Groups of users: who sees them, who puts accounts in, who administers them."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.user_group import UserGroup
from kallithea.services.work import reading, writing
from kallithea.web.user_groups import members
from tests.statements import counted
from tests.web.site import Site, form_of, get, without_proof, without_typed


@pytest.fixture
def grouped(site: Site) -> Site:
    """A site with root, who administers it, ada, who owns the crew, in which is bob, and divers, hidden ones."""
    site.user("root", administrator=True)
    for name in ("ada", "bob"):
        site.user(name)
    with writing(site.application) as services:
        users, groups = services.users, services.user_groups
        crew = groups.create(COMMAND_LINE, None, name="crew", description="On every ship", owner=users.get("ada"))
        groups.add(COMMAND_LINE, crew, users.get("bob"))
        divers = groups.create(COMMAND_LINE, None, name="divers")
        services.permissions.set_(COMMAND_LINE, divers, SIGNED_IN, Level.NONE)
    return site


def stored(site: Site, name: str) -> UserGroup | None:
    with reading(site.application) as services:
        return services.user_groups.find(name)


def address(site: Site, name: str, verb: str) -> str:
    group = stored(site, name)
    assert group is not None
    return f"/_admin/user_groups/{verb}/{group.user_group_id}"


def member_names(site: Site, name: str) -> list[str]:
    with reading(site.application) as services:
        return [user.name for user in services.user_groups.list_members(services.user_groups.get(name))]


def names(page: Answer) -> list[str]:
    return [row.a.text for row in page.html.select("tbody tr")]


def levels(page: Answer) -> dict[str, str]:
    return {row.a.text: row.select("td")[2].text for row in page.html.select("tbody tr")}


def problems(page: Answer) -> list[str]:
    return [problem.text for problem in page.html.select(".k-error")]


@pytest.mark.parametrize(
    ("user", "query", "found"),
    [
        ("root", "", ["crew", "divers"]),
        ("root", "?f=SHIP", ["crew"]),
        ("root", "?f=%25", []),
        ("ada", "", ["crew"]),
        ("ada", "?f=divers", []),
        ("bob", "", ["crew"]),
    ],
)
def test_list(grouped: Site, user: str, query: str, found: list[str]) -> None:
    assert names(get(grouped.browser(user), f"/_admin/user_groups{query}")) == found


def test_list_has_pages(grouped: Site) -> None:
    grouped.shorten_lists(1)
    page = get(grouped.browser("root"), "/_admin/user_groups")
    assert names(page) == ["crew"]
    assert names(page.click("Next")) == ["divers"]


def test_empty_lists_say_what_there_could_be(grouped: Site) -> None:
    assert names(get(grouped.browser("root"), "/_admin/user_groups?f=x").click("Show all groups")) == ["crew", "divers"]


def test_group_is_made(grouped: Site) -> None:
    form = form_of(get(grouped.browser("root"), "/_admin/user_groups/new"))
    assert form["owner"].value == "root"
    form["name"], form["description"], form["owner"] = "cooks", "In the galley", "bob"
    assert form.submit().location == address(grouped, "cooks", "members")
    assert levels(get(grouped.browser("bob"), "/_admin/user_groups")) == {"cooks": "admin", "crew": "read"}


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"name": "CREW"}, 409, "'CREW' is not free"),
        ({"name": ""}, 422, ""),
        ({"name": "x", "owner": "nobody"}, 422, "'nobody' is none"),
    ],
)
@pytest.mark.parametrize("verb", ["new", "edit"])
def test_wrong_values_are_explained(grouped: Site, verb: str, fields: dict[str, str], status: int, words: str) -> None:
    page = "/_admin/user_groups/new" if verb == "new" else address(grouped, "divers", verb)
    answer = grouped.post(grouped.browser("root"), page, {"description": "kept", **fields})
    assert answer.status_int == status
    assert words in problems(answer)[0]
    assert form_of(answer)["description"].value == "kept"
    assert stored(grouped, "divers") is not None


def test_who_owns_nothing_makes_no_groups(grouped: Site) -> None:
    browser = grouped.browser("bob")
    assert get(browser, "/_admin/user_groups/new").status_int == 403
    assert grouped.post(browser, "/_admin/user_groups/new", {"name": "x"}).status_int == 403


@pytest.mark.parametrize("verb", ["members", "edit", "delete"])
def test_group_of_others_is_like_one_that_is_not_there(grouped: Site, verb: str) -> None:
    browser, answers, asked = grouped.browser("ada"), [], []
    for page in (address(grouped, "divers", verb), f"/_admin/user_groups/{verb}/999"):
        with counted(grouped.application.engine) as statements:
            answer = get(browser, page)
        answers.append((answer.status_int, without_typed(without_proof(answer.body), page)))
        asked.append(statements)
        assert grouped.post(browser, page, {"member": "ada", "name": "divers"}).status_int == 404
    assert answers[0][0] == 404
    assert answers[0] == answers[1]
    assert asked[0] == asked[1]
    assert grouped.post(browser, address(grouped, "divers", "remove"), {"member": "bob"}).status_int == 404
    assert member_names(grouped, "divers") == []


@pytest.mark.parametrize("user", ["root", "ada"])
def test_owner_and_administrators_change_the_group(grouped: Site, user: str) -> None:
    form = form_of(get(grouped.browser(user), address(grouped, "crew", "edit")), "active")
    form["name"], form["active"] = "seamen", False
    answer = form.submit()
    assert "The group is saved." in answer.follow().text
    group = stored(grouped, "seamen")
    assert group is not None
    assert not group.active
    assert "switched off" in get(grouped.browser(user), address(grouped, "seamen", "members")).text


def test_owner_who_gives_the_group_away_is_led_to_the_list(grouped: Site) -> None:
    form = form_of(get(grouped.browser("ada"), address(grouped, "crew", "edit")), "active")
    form["owner"] = "bob"
    assert form.submit().location == "/_admin/user_groups"
    assert levels(get(grouped.browser("bob"), "/_admin/user_groups")) == {"crew": "admin"}


def test_there_can_be_several_administrators(grouped: Site) -> None:
    page = address(grouped, "crew", "permissions")
    fields = {"add": "bob", "add_level": "admin"}
    assert grouped.post(grouped.browser("bob"), page, fields).status_int == 403
    assert grouped.post(grouped.browser("ada"), page, fields).location == f"{page}?saved=1"
    assert "The permissions are saved." in get(grouped.browser("ada"), f"{page}?saved=1").text
    form = form_of(get(grouped.browser("bob"), address(grouped, "crew", "edit")))
    form["name"] = "seamen"
    assert form.submit().status_int == 303
    assert stored(grouped, "seamen") is not None
    entry = get(grouped.browser("root"), "/_admin?kind=permission").html.select_one("tbody tr").text
    assert "user-group:crew" in entry


def test_administrator_who_takes_it_from_themselves_is_led_to_the_list(grouped: Site) -> None:
    page = address(grouped, "crew", "permissions")
    grouped.post(grouped.browser("ada"), page, {"add": "bob", "add_level": "admin"})
    form = {"level-user:3": "none", "was-user:3": "admin"}
    assert grouped.post(grouped.browser("bob"), page, form).location == "/_admin/user_groups"


def test_defaults_are_for_all_groups_and_may_take_away_what_is_nearer(grouped: Site) -> None:
    root, page = grouped.browser("root"), "/_admin/permissions/user_groups"
    assert "Not signed in" not in get(root, page).text
    form = {"level-signed-in": "write", "was-signed-in": "read", "reach": "below"}
    assert grouped.post(root, page, form).location == f"{page}?saved=1"
    assert levels(get(grouped.browser("bob"), "/_admin/user_groups")) == {"crew": "write", "divers": "write"}


@pytest.mark.parametrize(
    ("level", "forms"),
    [(Level.READ, 0), (Level.WRITE, 2), (Level.ADMIN, 2)],
)
def test_members_are_seen_by_readers_and_changed_by_writers(grouped: Site, level: Level, forms: int) -> None:
    with writing(grouped.application) as services:
        services.permissions.set_(COMMAND_LINE, services.user_groups.get("crew"), SIGNED_IN, level)
    page = get(grouped.browser("bob"), address(grouped, "crew", "members"))
    assert "bob" in page.html.select_one("tbody").text
    assert len(page.html.select(".stack form")) == forms
    assert (page.html.find("a", href=address(grouped, "crew", "edit")) is not None) is (level is Level.ADMIN)


def test_why_somebody_may_what(grouped: Site) -> None:
    page = get(grouped.browser("ada"), address(grouped, "crew", "permissions/check") + "?user=bob")
    assert "bob has the level read here." in page.html.select_one("p[role=status]").text
    assert "all user groups" in page.html.select_one("tbody").text


def test_members_come_and_go(grouped: Site) -> None:
    browser, page = grouped.browser("ada"), address(grouped, "crew", "members")
    form = form_of(get(browser, page), "member")
    assert grouped.post(browser, page, {"member": "ada"}).status_int == 303
    assert member_names(grouped, "crew") == ["ada", "bob"]
    assert form.action == f"/_admin/user_groups/remove/{page.rpartition('/')[2]}"
    assert form.submit().location == page
    assert member_names(grouped, "crew") == ["ada"]


@pytest.mark.parametrize(
    ("name", "status", "words"), [("bob", 409, "is in crew already"), ("nobody", 422, "'nobody' is none")]
)
def test_member_that_cannot_be_added_is_explained(grouped: Site, name: str, status: int, words: str) -> None:
    answer = grouped.post(grouped.browser("ada"), address(grouped, "crew", "members"), {"member": name})
    assert answer.status_int == status
    assert words in problems(answer)[0]


def test_members_have_pages(grouped: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "PAGE_SIZE", 1)
    page = address(grouped, "crew", "members")
    grouped.post(grouped.browser("ada"), page, {"member": "ada"})
    assert "1 to 1 of 2" in get(grouped.browser("ada"), page).text


def test_group_is_deleted_with_its_grants(grouped: Site) -> None:
    grouped.repository("r")
    group = stored(grouped, "crew")
    assert group is not None
    with writing(grouped.application) as services:
        subject = Subject(SubjectKind.USER_GROUP, group.user_group_id)
        services.permissions.set_(COMMAND_LINE, services.repositories.get("r"), subject, Level.READ)
    page = address(grouped, "crew", "delete")
    shown = {name: get(grouped.browser(name), page).html.main.text for name in ("root", "ada")}
    # how many there are would tell ada of what is hidden from her
    assert {name: "1 grant" in text for name, text in shown.items()} == {"root": True, "ada": False}
    form = form_of(get(grouped.browser("ada"), page))
    form["name"] = "Crew"
    answer = form.submit(expect_errors=True)
    assert (answer.status_int, "Write the name crew." in problems(answer)[0]) == (422, True)
    form["name"] = "crew"
    assert form.submit().location == "/_admin/user_groups"
    assert stored(grouped, "crew") is None
    with reading(grouped.application) as services:
        assert services.permissions.list_(services.repositories.get("r")) == ()
    entry = get(grouped.browser("root"), "/_admin?kind=user-group").html.select_one("tbody tr").text
    assert "user-group.delete" in entry


def test_administrators_find_the_pages_in_administration(grouped: Site) -> None:
    def current(name: str, page: str) -> str:
        return str(get(grouped.browser(name), page).html.select_one(".k-top nav [aria-current]").text)

    crew = address(grouped, "crew", "members")
    assert (current("root", crew), current("ada", crew)) == ("Administration", "Repositories")
    assert current("root", "/_admin/my_account/api_keys") == "Repositories"
