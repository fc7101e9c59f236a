"""Probes of rights: of everybody, for what belongs elsewhere, and how soon they are gone."""

import base64
from collections.abc import Callable

import pytest

from kallithea.core.access import SIGNED_IN, Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.settings import Settings
from kallithea.services.application import Application
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.work import reading, writing
from kallithea.transport.answers import RefusedError
from kallithea.transport.gate import admit
from kallithea.vcs.types import Kind
from kallithea.web.csrf import require_own_form
from kallithea.web.request import Request
from tests.rights.gate import CLIENTS
from tests.rights.needs import NEEDS
from tests.rights.town import PEOPLE, ROUTES
from tests.web.site import PASSWORD, Site, get, links


def _wire(application: Application, path: str, kind: Kind, name: str = "ada") -> int:
    """The status that a client who wants to read gets; 0 for one who may go on."""
    basic = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
    environ = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Basic {basic}"}
    try:
        admit(application, environ, path, kind, Level.READ)
    except RefusedError as problem:
        return problem.status
    return 0


def test_p56_the_matrix_has_everybody_and_everything() -> None:
    """The answers themselves are asked for in tests/rights."""
    assert {"anonymous", "nobody", "reader", "writer", "administrator", "group-administrator"} <= PEOPLE.keys()
    assert {"super-administrator", "disabled", "from another network"} <= PEOPLE.keys()
    assert PEOPLE.keys() < CLIENTS.keys()
    assert {route.context for route in ROUTES} == NEEDS.keys()
    assert [route for route in ROUTES if route.need is None] == []


@pytest.mark.parametrize("kind", Kind)
def test_p59_commits_of_a_private_fork_are_not_in_its_parent(site: Site, kind: Kind) -> None:
    site.user("ada")
    site.grant("visitors", Level.READ)
    site.repository("r", kind).commit({b"a": b"1"})
    fork = site.repository("fork", kind, private=True, fork_of="r")
    fork.commit({b"a": b"1"})
    secret = fork.commit({b"secret": b"2"})
    ada = site.browser("ada")
    for page in ("changeset", "raw-changeset", "changeset-patch", "files", "changelog", "compare-diff"):
        end = f"tip...{secret}" if page == "compare-diff" else secret
        assert get(ada, f"/r/{page}/{end}").status_int == 404
    for page in (f"raw/{secret}/secret", f"annotate/{secret}/secret", f"archive/{secret}.zip"):
        assert get(ada, f"/r/{page}").status_int == 404
    assert get(ada, f"/r/compare/tip...{secret}?other_repo=fork").status_int == 404
    assert get(ada, f"/fork/changeset/{secret}").status_int == 404


def test_p60_ids_of_what_belongs_to_others_lead_nowhere(site: Site) -> None:
    for name in ("ada", "eve"):
        site.user(name)
    with writing(site.application) as services:
        ada = services.users.get("ada")
        token = services.tokens.create(COMMAND_LINE, ada)[0].token_id
        services.user_sessions.create(ada, address="", client="")
        for email in ("ada@example.org", "ada@example.com"):
            services.email_addresses.add(COMMAND_LINE, ada, email)
        session = services.user_sessions.list_(ada)[0].user_session_id
        address = services.email_addresses.list_(ada)[0].email_address_id
    eve = site.browser("eve")
    for page, fields in (
        ("api_keys/delete", {"token": str(token)}),
        ("sessions/delete", {"session": str(session)}),
        ("emails/delete", {"address": str(address)}),
        ("emails/first", {"address": str(address)}),
    ):
        assert site.post(eve, f"/_admin/my_account/{page}", fields).status_int == 404
    with reading(site.application) as services:
        ada = services.users.get("ada")
        assert len(services.tokens.list_(ada)) == len(services.user_sessions.list_(ada)) == 1
        assert (ada.email, len(services.email_addresses.list_(ada))) == ("ada@example.org", 1)


@pytest.mark.parametrize("kind", Kind)
def test_p61_a_right_that_is_taken_away_is_gone_everywhere_at_once(
    site: Site, kind: Kind, make_application: Callable[[Settings], Application]
) -> None:
    other = Site(make_application(site.application.settings))
    site.user("ada")
    site.repository("r", kind, private=True).commit({b"a": b"1"})
    site.grant("ada", Level.READ, "r")
    with writing(site.application) as services:
        feed_token = services.tokens.create(COMMAND_LINE, services.users.get("ada"), scopes=["feed"])[1]
    pages = ["/r", "/r/files/tip/a", "/r/raw/tip/a", "/r/archive/tip.zip", "/r/changelog", "/r/changelog-count/tip"]
    browsers = [site.browser("ada"), other.browser("ada")]
    tags = {}
    for browser in browsers:
        for page in pages:
            answer = get(browser, page)
            assert answer.status_int == 200
            tags[page] = answer.headers.get("ETag", "")
        assert "/r" in links(get(browser, "/"))
    feed = f"/r/feed/atom?token={feed_token}"
    assert get(site.browser(), feed).status_int == 200
    assert [_wire(one.application, "r", kind) for one in (site, other)] == [0, 0]
    site.grant("ada", Level.NONE, "r")
    for browser in browsers:
        for page in pages:
            assert get(browser, page, headers={"If-None-Match": tags[page] or "*"}).status_int == 404
        assert "/r" not in links(get(browser, "/"))
    assert get(site.browser(), feed).status_int in (401, 404)
    assert [_wire(one.application, "r", kind) for one in (site, other)] == [404, 404]


@pytest.mark.parametrize("kind", Kind)
def test_p62_moving_a_repository_changes_what_it_inherits_in_every_process(
    site: Site, kind: Kind, make_application: Callable[[Settings], Application]
) -> None:
    other = Site(make_application(site.application.settings))
    site.user("ada")
    site.user("root", administrator=True)
    for group in ("open", "closed"):
        site.group(group)
    site.repository("open/r", kind).commit({b"a": b"1"})
    site.grant("ada", Level.READ, "open")
    browsers = [site.browser("ada"), other.browser("ada")]
    permanent = site.path_of("open/r")
    assert [get(browser, "/open/r/files/tip/a").status_int for browser in browsers] == [200, 200]
    with writing(site.application) as services:
        row = services.repositories.get("open/r")
        services.repository_settings.update(
            COMMAND_LINE, None, row.repository_id, RepositoryChange(name="r", group="closed")
        )
    for address in ("/open/r", "/closed/r", permanent):
        assert [get(browser, f"{address}/files/tip/a").status_int for browser in browsers] == [404, 404]
    assert get(site.browser("root"), "/closed/r/files/tip/a").status_int == 200
    assert [_wire(one.application, "closed/r", kind) for one in (site, other)] == [404, 404]


def test_p63_a_new_account_with_an_old_name_inherits_nothing(site: Site) -> None:
    """All that had the old id goes with the account; besides, no id is given twice."""
    site.user("root", administrator=True)
    site.user("ada")
    site.repository("r").commit({b"a": b"1"})
    site.repository("q").commit({b"a": b"1"})
    site.grant("ada", Level.ADMIN, "r")
    old = site.browser("ada")
    with writing(site.application) as services:
        ada = services.users.get("ada")
        token = services.tokens.create(COMMAND_LINE, ada)[1]
        group = services.user_groups.create(COMMAND_LINE, None, name="crew")
        services.user_groups.add(COMMAND_LINE, group, ada)
        services.user_removal.delete(COMMAND_LINE, ada, services.users.get("root"))
    site.user("ada")
    assert get(old, "/_admin/my_account").status_int == 303
    assert get(site.browser("ada"), "/r").status_int == 404
    assert [_wire(site.application, path, Kind.GIT) for path in ("r", "q")] == [404, 404]
    basic = base64.b64encode(f"ada:{token}".encode()).decode()
    with pytest.raises(RefusedError) as caught:
        admit(site.application, {"HTTP_AUTHORIZATION": f"Basic {basic}"}, "r", Kind.GIT, Level.READ)
    assert caught.value.status == 401


LATE: list[tuple[str, dict[str, str]]] = [
    ("/g/r/settings", {"repo_name": "r", "repo_group": "g", "repo_description": "x"}),
    ("/g/r/settings/fields", {"new_field_key": "k", "new_field_label": "K"}),
    ("/g/r/settings/permissions", {"add": "eve", "add_level": "admin"}),
    ("/g/r/settings/delete", {"path": "g/r"}),
    ("/_admin/repo_groups/g/edit", {"group_name": "g2", "parent_group": ""}),
    ("/_admin/repo_groups/g/edit/permissions", {"add": "eve", "add_level": "admin"}),
    ("/_admin/repo_groups", {"group_name": "g/new"}),
    ("/_admin/user_groups/edit/2", {"name": "cooks"}),
    ("/_admin/user_groups/members/2", {"member": "eve"}),
    ("/_admin/user_groups/permissions/2", {"add": "eve", "add_level": "admin"}),
    ("/_admin/user_groups/delete/2", {"name": "divers"}),
]


@pytest.mark.parametrize(("address", "fields"), LATE, ids=[address for address, _fields in LATE])
def test_who_has_left_the_group_that_gave_the_right_changes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, address: str, fields: dict[str, str]
) -> None:
    """Not even with a form whose request has already been let in."""
    site.group("g")
    site.repository("g/r").commit({b"a": b"1"})
    site.user("eve")
    ada_id = site.user("ada")
    with writing(site.application) as services:
        ada = services.users.get("ada")
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew")
        divers = services.user_groups.create(COMMAND_LINE, None, name="divers")
        services.user_groups.add(COMMAND_LINE, crew, ada)
        subject = Subject(SubjectKind.USER_GROUP, crew.user_group_id)
        for target in (services.repository_groups.get("g"), divers):
            services.permissions.set_(COMMAND_LINE, target, subject, Level.ADMIN)
        services.permissions.set_(COMMAND_LINE, None, SIGNED_IN, Level.READ)

    def leave(request: Request) -> None:
        require_own_form(request)
        with writing(site.application) as services:
            crew, ada = services.user_groups.get("crew"), services.users.get_by_id(ada_id)
            services.user_groups.remove(COMMAND_LINE, crew, ada)

    browser = site.browser("ada")
    page = get(browser, address)
    form = next((one for one in page.forms.values() if one.action == address), None) if page.status_int == 200 else None
    was = {} if form is None or "was" not in form.fields else {"was": form["was"].value}
    monkeypatch.setattr("kallithea.web.transaction.require_own_form", leave)
    assert site.post(browser, address, {**fields, **was}).status_int in (403, 404)
    with reading(site.application) as services:
        assert services.audit.list_(limit=1)[0].action == "user-group.remove"
