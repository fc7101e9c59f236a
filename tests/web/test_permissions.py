"""The matrix of permissions, and the answer to who may do what."""

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.work import reading, writing
from tests.statements import counted
from tests.web.site import Site, form_of, get

PLACES = {
    "_admin/permissions/perms": "",
    "_admin/repo_groups/a/edit/permissions": "a",
    "a/code/settings/permissions": "a/code",
}


@pytest.fixture
def granted(site: Site) -> Site:
    """Root administers the site, ada the group ``a`` with the repository ``code``; bob is in the user group devs."""
    site.user("root", administrator=True)
    for name in ("ada", "bob", "eve"):
        site.user(name)
    site.group("a")
    site.repository("a/code")
    site.grant("ada", Level.ADMIN, "a")
    with writing(site.application) as services:
        devs = services.user_groups.create(COMMAND_LINE, None, name="devs")
        services.user_groups.add(COMMAND_LINE, devs, services.users.get("bob"))
    return site


def grant_devs(site: Site, level: Level, path: str) -> None:
    with writing(site.application) as services:
        devs = Subject(SubjectKind.USER_GROUP, services.user_groups.get("devs").user_group_id)
        target = services.repositories.find(path) or services.repository_groups.get(path)
        services.permissions.set_(COMMAND_LINE, target, devs, level)


def stored(site: Site, path: str) -> dict[str, str]:
    """What is granted on a place itself."""
    with reading(site.application) as services:
        target = services.repositories.find(path) or services.repository_groups.find(path)
        return {row.name: row.level.word for row in services.permissions.list_(target)}


def why(page: Answer) -> dict[str, str]:
    """Names of the rows, and the sentences beside them."""
    rows = page.html.select(".k-matrix tbody tr:not(.grp)")
    return {row.b.text: row.select_one(".k-why").text.strip() for row in rows}


@pytest.mark.parametrize(("address", "path"), PLACES.items())
def test_levels_are_added_changed_and_removed(granted: Site, address: str, path: str) -> None:
    browser = granted.browser("root")
    before = stored(granted, path)
    form = form_of(get(browser, f"/{address}"))
    form["add"], form["add_level"] = "bob", "write"
    saved = form.submit().follow()
    assert "The permissions are saved." in saved.text
    assert stored(granted, path) == {**before, "bob": "write"}
    with reading(granted.application) as services:
        key = f"user:{services.users.get('bob').user_id}"
    form = form_of(saved)
    form[f"level-{key}"] = "read"
    saved = form.submit().follow()
    assert stored(granted, path) == {**before, "bob": "read"}
    form_of(saved).submit("remove", value=key)
    assert stored(granted, path) == before


def test_nothing_is_written_where_nothing_is_changed(granted: Site) -> None:
    page = get(granted.browser("ada"), "/a/code/settings/permissions")
    form_of(page).submit()
    assert stored(granted, "a/code") == {}


def test_rows_say_why_they_are_as_they_are(granted: Site) -> None:
    granted.grant("signed-in", Level.READ)
    granted.grant("bob", Level.READ, "a/code")
    grant_devs(granted, Level.WRITE, "a")
    told = why(get(granted.browser("ada"), "/a/code/settings/permissions"))
    assert told == {
        "Anonymous visitors": "",
        "All signed-in users": "Inherited from the whole site. To change it here alone, choose another level.",
        "devs": "Inherited from a. To change it here alone, choose another level.",
        "ada": "Inherited from a. To change it here alone, choose another level.",
        "bob": "Set here. In effect write, because the user group devs has it.",
    }


def test_rows_say_what_does_not_count(granted: Site) -> None:
    granted.repository("a/secret", private=True)
    granted.grant("signed-in", Level.READ, "a/secret")
    granted.grant("eve", Level.WRITE, "a/secret")
    granted.grant("ada", Level.NONE, "a/secret")
    with writing(granted.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("eve"))
        services.settings.set_(COMMAND_LINE, "visitors", "false")
    told = why(get(granted.browser("ada"), "/a/secret/settings/permissions"))
    assert told["All signed-in users"] == "Set here. Does not count: the repository is private."
    assert told["eve"] == "Set here. Does not count: the account is disabled."
    assert told["ada"] == "Set here. In effect admin: that is granted on a, for all below it."
    told = why(get(granted.browser("ada"), "/a/code/settings/permissions"))
    assert told["Anonymous visitors"] == "Does not count: the site admits no visitors."


def test_owners_are_administrators_that_cannot_be_changed(granted: Site) -> None:
    with writing(granted.application) as services:
        services.repositories.get("a/code").owner_id = services.users.get("bob").user_id
        services.repository_groups.get("a").owner_id = services.users.get("eve").user_id
    told = why(get(granted.browser("ada"), "/a/code/settings/permissions"))
    assert (told["bob"], told["eve"]) == ("Owner, always admin.", "Owner of a, so always admin.")


def test_two_administrators_do_not_overwrite_each_other(granted: Site) -> None:
    granted.grant("bob", Level.READ, "a")
    browser = granted.browser("ada")
    form = form_of(get(browser, "/_admin/repo_groups/a/edit/permissions"))
    granted.grant("bob", Level.NONE, "a")
    name = next(field for field in form.fields if str(field).startswith("level-user") and form[field].value == "read")
    form[name] = "write"
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 409
    assert "user:bob has none here now" in refused.text
    assert stored(granted, "a")["bob"] == "none"
    # what was chosen is kept, and can be saved against what is stored now
    form_of(refused).submit()
    assert stored(granted, "a")["bob"] == "write"


def test_changes_are_saved_together_or_not_at_all(granted: Site) -> None:
    form = form_of(get(granted.browser("root"), "/_admin/permissions/perms"))
    form["level-signed-in"] = "read"
    form["add"] = "nobody"
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 422
    assert "no active account and no user group &#39;nobody&#39;" in refused.text
    assert stored(granted, "") == {}
    assert form_of(refused)["level-signed-in"].value == "read"


def test_levels_below_are_taken_away_where_that_is_asked(granted: Site) -> None:
    granted.group("a/b")
    granted.repository("a/b/deep")
    for path in ("a/b", "a/b/deep", "a/code"):
        granted.grant("bob", Level.NONE, path)
        granted.grant("eve", Level.NONE, path)
    form = form_of(get(granted.browser("ada"), "/_admin/repo_groups/a/edit/permissions"))
    form["add"], form["add_level"], form["reach"] = "bob", "write", "below"
    form.submit()
    assert stored(granted, "a")["bob"] == "write"
    assert [stored(granted, path) for path in ("a/b", "a/b/deep", "a/code")] == [{"eve": "none"}] * 3


def test_changes_are_audited_with_names(granted: Site) -> None:
    form = form_of(get(granted.browser("ada"), "/_admin/repo_groups/a/edit/permissions"))
    form["add"] = "user-group:devs"
    form.submit()
    with reading(granted.application) as services:
        entry = services.audit.list_(limit=1)[0]
    assert (entry.actor_name, entry.action, entry.target) == ("ada", "permission.set", "group:a")
    assert (entry.before, entry.after) == ('{"user-group:devs": null}', '{"user-group:devs": "read"}')


def test_who_gives_their_right_away_is_led_to_what_they_may_see(granted: Site) -> None:
    granted.grant("signed-in", Level.READ)
    granted.grant("ada", Level.ADMIN, "a/code")
    granted.grant("ada", Level.READ, "a")
    page = get(granted.browser("ada"), "/a/code/settings/permissions")
    with reading(granted.application) as services:
        key = f"user:{services.users.get('ada').user_id}"
    answer = form_of(page).submit("remove", value=key)
    assert (answer.status_int, answer.location) == (303, "/a/code")


@pytest.mark.parametrize("address", PLACES)
@pytest.mark.parametrize("page", ["", "/check"])
def test_pages_are_for_administrators_of_what_they_are_about(granted: Site, address: str, page: str) -> None:
    granted.grant("signed-in", Level.WRITE)
    assert get(granted.browser("bob"), f"/{address}{page}").status_int == 403
    assert get(granted.browser(), f"/{address}{page}").status_int in (303, 404)
    assert get(granted.browser("root"), f"/{address}{page}").status_int == 200


@pytest.mark.parametrize("address", [*PLACES][1:])
def test_forms_are_refused_to_others_and_hidden_is_absent(granted: Site, address: str) -> None:
    hidden = granted.post(granted.browser("bob"), f"/{address}", {"add": "bob", "add_level": "admin"})
    absent = granted.post(granted.browser("bob"), f"/{address.replace('a/', 'x/', 1)}", {"add": "bob"})
    assert hidden.status_int == 404
    assert absent.status_int == 404
    granted.grant("signed-in", Level.WRITE)
    assert granted.post(granted.browser("bob"), f"/{address}", {"add": "bob"}).status_int == 403


def test_check_says_why(granted: Site) -> None:
    granted.grant("signed-in", Level.READ)
    grant_devs(granted, Level.WRITE, "a")
    form = get(granted.browser("ada"), "/a/code/settings/permissions").click("Check access of a user").forms
    page = next(one for one in form.values() if "user" in one.fields)
    page["user"] = "Bob"
    answer = page.submit()
    rows = [[cell.text.strip() for cell in row.find_all(["th", "td"])] for row in answer.html.select("tbody tr")]
    assert "bob has the level <b>write</b> here." in answer.text
    assert rows == [
        ["User group devs", "a", "write", "Gives the level", "read"],
        ["All signed-in users", "the whole site", "read", "Counts, but something else gives more", "the same"],
    ]
    assert "Outside the user group devs: <b>read</b>" in answer.text


def test_check_of_a_visitor_and_of_nobody(granted: Site) -> None:
    browser = granted.browser("ada")
    address = "/a/code/settings/permissions/check"
    visitor = get(browser, f"{address}?visitor=1")
    assert "A visitor who is not signed in has the level <b>none</b> here." in visitor.text
    assert "Nothing is granted" in visitor.text
    assert get(browser, f"{address}?user=nobody").status_int == 422


@pytest.mark.parametrize("count", [1, 20])
def test_statements_do_not_grow_with_the_rows(granted: Site, count: int) -> None:
    for number in range(count):
        granted.user(f"u{number}")
        granted.grant(f"u{number}", Level.READ, "a")
    browser = granted.browser("ada")
    with counted(granted.application.engine) as statements:
        assert get(browser, "/_admin/repo_groups/a/edit/permissions").status_int == 200
    assert len(statements) <= 17


def test_visitors_can_be_given_read_at_most(granted: Site) -> None:
    browser = granted.browser("root")
    page = get(browser, "/_admin/permissions/perms")
    offered = page.html.select("input[name=level-visitors]")
    assert [(one["value"], one.has_attr("disabled")) for one in offered] == [
        ("none", False), ("read", False), ("write", True), ("admin", True),
    ]  # fmt: skip
    form = form_of(page)
    form["level-visitors"].force_value("write")
    answer = form.submit(status=422)
    assert "visitors can be given read at most" in answer.html.select_one("[role=alert]").text
    assert stored(granted, "") == {}


@pytest.mark.parametrize("address", PLACES)
def test_names_that_hold_what_is_typed_are_offered(granted: Site, address: str) -> None:
    def offered(words: str) -> list[str]:
        answer = get(granted.browser("root"), f"/{address}/names?q={words}")
        return [option["value"] for option in answer.html.select("option")]

    with writing(granted.application) as services:
        services.users.get("bob").first_name, services.users.get("bob").last_name = "Robert", "Quint"
        services.users.get("eve").active = False
    assert offered("DEV") == ["user-group:devs"]
    assert offered("bert+qu") == ["bob"]
    assert (offered("eve"), offered("%25"), offered("nobody")) == ([], [], [])
    assert set(offered("")) == {"ada", "bob", "root", "user-group:devs"}


def test_names_are_offered_to_administrators_of_the_place_only(granted: Site) -> None:
    assert get(granted.browser("ada"), "/a/code/settings/permissions/names?q=b").status_int == 200
    granted.grant("bob", Level.WRITE, "a/code")
    assert get(granted.browser("bob"), "/a/code/settings/permissions/names?q=b").status_int == 403
    assert get(granted.browser("ada"), "/_admin/permissions/perms/names?q=b").status_int == 403


@pytest.mark.parametrize("key", ["visitors:1", "visitors:0", "signed-in:1", "user", "user:0", "user:" + "9" * 20])
def test_rows_of_nobody_are_left_out(granted: Site, key: str) -> None:
    fields = {f"was-{key}": "inherited:none", f"level-{key}": "admin"}
    assert granted.post(granted.browser("root"), "/_admin/permissions/perms", fields).status_int == 303
    assert stored(granted, "") == {}


def test_what_lies_below_is_taken_away_only_where_one_administers(granted: Site) -> None:
    """Admin by way of all accounts does not reach private repositories."""
    granted.repository("a/secret", private=True)
    granted.grant("signed-in", Level.ADMIN, "a")
    granted.grant("bob", Level.WRITE, "a/secret")
    granted.grant("bob", Level.WRITE, "a/code")
    with reading(granted.application) as services:
        key = f"user:{services.users.get('bob').user_id}"
    fields = {f"was-{key}": "inherited:none", f"level-{key}": "read", "reach": "below"}
    page = "/_admin/repo_groups/a/edit/permissions"
    assert granted.post(granted.browser("eve"), page, fields).status_int == 303
    assert stored(granted, "a/secret") == {"bob": "write"}
    assert stored(granted, "a/code") == {}


def test_name_of_an_account_and_of_a_user_group_is_asked_back(granted: Site) -> None:
    granted.user("devs")
    browser, address = granted.browser("root"), "/_admin/permissions/perms"
    form = form_of(get(browser, address))
    form["add"] = "devs"
    assert "write user:NAME or user-group:NAME" in form.submit(status=422).text
    for name in ("user:devs", "user-group:devs"):
        form = form_of(get(browser, address))
        form["add"] = name
        form.submit(status=303)
    with reading(granted.application) as services:
        kinds = [row.subject.kind for row in services.permissions.list_(None)]
    assert sorted(kinds) == ["user", "user-group"]


def test_disabled_accounts_are_told_to_administrators_of_the_site_alone(granted: Site) -> None:
    with writing(granted.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("eve"))
    page = "/a/code/settings/permissions/check?user="
    disabled, absent = (get(granted.browser("ada"), f"{page}{name}") for name in ("eve", "ivy"))
    assert disabled.status_int == absent.status_int == 422
    assert disabled.html.main.text.replace("eve", "ivy") == absent.html.main.text
    assert get(granted.browser("root"), f"{page}eve").status_int == 200


def test_names_of_hidden_groups_of_users_are_told_to_nobody(granted: Site) -> None:
    """They are of no use to whoever may not know of the group, and what they give is shown nevertheless."""
    grant_devs(granted, Level.WRITE, "a/code")
    granted.grant("bob", Level.READ, "a/code")
    with writing(granted.application) as services:
        devs = services.user_groups.get("devs")
        services.permissions.set_(COMMAND_LINE, devs, SIGNED_IN, Level.NONE)
    for name, hidden in (("ada", True), ("root", False)):
        browser = granted.browser(name)
        matrix = get(browser, "/a/code/settings/permissions")
        check = get(browser, "/a/code/settings/permissions/check?user=bob")
        for page in (matrix, check):
            assert ("devs" in page.html.main.text, "group that you cannot see" in page.html.main.text) == (
                not hidden,
                hidden,
            )
        assert "write" in why(matrix)["bob"].lower()
