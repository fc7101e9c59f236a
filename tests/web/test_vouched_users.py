"""People for whom a web server in front vouches."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from webtest import TestApp as WebTestApp

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.settings import Settings
from kallithea.core.vouched_names import find_vouched_name, strip_vouched_name
from kallithea.model.audit import AuditEntry
from kallithea.model.user_session import UserSession
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.transport.http import WireApplication
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.factories.pushes import work
from tests.statements import counted
from tests.web.site import PASSWORD, Site, form_of, get

PROXY, STRANGER = "192.0.2.1", "198.51.100.7"
ADDRESSES = "/a/info/refs?service=git-upload-pack", "/b?cmd=capabilities"
Make = Callable[..., Site]


@pytest.fixture
def make_site(tmp_path: Path, migrated_file: Path, make_application: Callable[[Settings], Application]) -> Make:
    """A site behind a proxy at 192.0.2.1, which tells names in X-Remote-User and addresses in X-Forwarded-For."""

    def make(
        methods: str = "proxy-header password", *, creates: bool = False, variable: str = "HTTP_X_REMOTE_USER"
    ) -> Site:
        shutil.copyfile(migrated_file, tmp_path / "site.db")
        values = {
            "sign_in_methods": methods,
            "remote_user_variable": variable,
            "remote_user_creates_accounts": "true" if creates else "false",
            "trusted_proxies": PROXY,
            "remote_addr_variable": "HTTP_X_FORWARDED_FOR",
        }
        return Site(make_application(settings_for(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, **values)))

    return make


def _name(site: Site, user: str, peer: str = PROXY, **environ: str) -> str:
    """Who somebody is on the site, empty for nobody."""
    browser = site.browser(REMOTE_ADDR=peer, HTTP_X_REMOTE_USER=user, **environ)
    page = get(browser, "/_admin/my_account")
    return str(page.html.select_one("#u")["value"]) if page.status_int == 200 else ""


def test_only_the_proxy_is_believed(make_site: Make) -> None:
    site = make_site()
    site.user("ada")
    assert _name(site, "ADA") == "ada"
    site.application.later.flush()
    work(site.application)
    with reading(site.application) as services:
        [noted] = services.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.sign-in"))
    assert (noted.actor_name, noted.way, json.loads(noted.after)["by"]) == ("ada", "web", "proxy")
    for peer in (STRANGER, "127.0.0.1", "::1", "192.0.2.2"):
        assert _name(site, "ada", peer) == ""
        assert _name(site, "ada", peer, HTTP_X_FORWARDED_FOR=PROXY) == ""


@pytest.mark.parametrize("user", ["nobody", "", "ada,eve", "ada, ada", "ada eve", "\u00e4da", "ada\x00"])
def test_other_names_are_nobody(make_site: Make, user: str) -> None:
    site = make_site()
    site.user("ada")
    assert _name(site, user) == ""


def test_header_counts_only_where_it_is_a_way_in(make_site: Make) -> None:
    site = make_site("password")
    site.user("ada")
    assert _name(site, "ada") == ""


def test_variable_of_the_web_server_itself_needs_no_proxy(make_site: Make) -> None:
    site = make_site(variable="REMOTE_USER")
    site.user("ada")
    browser = site.browser(REMOTE_ADDR=STRANGER, REMOTE_USER="ada")
    assert get(browser, "/_admin/my_account").status_int == 200
    assert _name(site, "ada") == ""


def test_name_of_the_proxy_goes_before_the_session(make_site: Make) -> None:
    site = make_site()
    site.user("ada")
    site.user("eve")
    browser = site.browser("eve", REMOTE_ADDR=PROXY)
    assert "eve" in get(browser, "/_admin/my_account").text
    page = get(browser, "/_admin/my_account", headers={"X-Remote-User": "ada"})
    assert page.html.select_one("#u")["value"] == "ada"
    assert get(browser, "/_admin/my_account", headers={"X-Remote-User": "nobody"}).status_int == 303


def test_disabled_and_bound_accounts_are_refused_at_once(make_site: Make) -> None:
    site = make_site()
    site.user("ada")
    with writing(site.application) as services:
        services.allow_lists.set_for_user(COMMAND_LINE, services.users.get("ada"), "203.0.113.0/24")
    assert _name(site, "ada", HTTP_X_FORWARDED_FOR="198.51.100.9") == ""
    assert _name(site, "ada", HTTP_X_FORWARDED_FOR="203.0.113.9") == "ada"
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    assert _name(site, "ada", HTTP_X_FORWARDED_FOR="203.0.113.9") == ""


def test_forms_are_tied_to_the_browser(make_site: Make) -> None:
    site = make_site()
    site.user("ada")
    browser = site.browser(REMOTE_ADDR=PROXY, HTTP_X_REMOTE_USER="ada")
    form = form_of(get(browser, "/_admin/my_account"))
    form["firstname"] = "Ada"
    assert form.submit().status_int == 303
    stolen = form.submit_fields()
    other = site.browser(REMOTE_ADDR=PROXY, HTTP_X_REMOTE_USER="ada")
    assert other.post("/_admin/my_account", dict(stolen), expect_errors=True).status_int == 403
    with reading(site.application) as services:
        assert services.users.get("ada").first_name == "Ada"
        assert services.session.scalars(select(UserSession)).all() == []


def test_account_is_made_once_where_that_is_wanted(make_site: Make) -> None:
    site = make_site(creates=True)
    assert _name(site, "bob", STRANGER) == ""
    assert [_name(site, "bob"), _name(site, "Bob")] == ["bob", "bob"]
    with reading(site.application) as services:
        (entry,) = services.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.create")).all()
        bob = services.users.get("bob")
    assert (entry.actor_name, entry.target, bob.password_hash, bob.super_administrator) == (
        "bob",
        "user:bob",
        None,
        False,
    )
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("bob"))
        services.allow_lists.set_for_site(COMMAND_LINE, "203.0.113.0/24")
    assert _name(site, "bob", HTTP_X_FORWARDED_FOR="203.0.113.9") == ""
    assert _name(site, "carol") == ""
    with reading(site.application) as services:
        assert services.users.find("carol") is None


def test_account_waits_for_approval_where_that_is_wanted(make_site: Make) -> None:
    """Nobody comes in by it, on any page and by any client, until an administrator has enabled it."""
    site = make_site(creates=True)
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "vouched-accounts", "approval")
    assert [_name(site, "bob"), _name(site, "bob")] == ["", ""]
    with writing(site.application) as services:
        bob = services.users.get("bob")
        assert not bob.active
        services.users.enable(COMMAND_LINE, bob)
    assert _name(site, "bob") == "bob"


def test_clients_of_git_and_hg_come_in_so(make_site: Make) -> None:
    site = make_site(creates=True)
    site.user("ada")
    for name, kind in (("a", Kind.GIT), ("b", Kind.HG)):
        site.repository(name, kind).commit({b"a": b"1"})
        site.grant("ada", Level.READ, name)
    wire = WebTestApp(WireApplication(site.application, site.pages))

    def status(address: str, peer: str, **headers: str) -> int:
        return int(
            wire.get(address, headers=headers, extra_environ={"REMOTE_ADDR": peer}, expect_errors=True).status_int
        )

    with writing(site.application) as services:
        token = services.tokens.create(COMMAND_LINE, services.users.get("ada"))[1]
    other = "Basic " + base64.b64encode(f"x:{token}".encode()).decode()
    for address in ADDRESSES:
        assert status(address, PROXY, **{"X-Remote-User": "ada"}) == 200
        assert status(address, STRANGER, **{"X-Remote-User": "ada"}) == 401
        assert status(address, PROXY, **{"X-Remote-User": "eve"}) == 404
        # a token says exactly what it may
        assert status(address, PROXY, **{"X-Remote-User": "eve", "Authorization": other}) == 200
    with writing(site.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    for address in ADDRESSES:
        assert status(address, PROXY, **{"X-Remote-User": "ada"}) == 401


def test_wire_takes_the_name_out_of_requests_of_others(make_site: Make) -> None:
    settings = make_site().application.settings
    for peer, left in ((PROXY, True), (STRANGER, False)):
        environ = {"REMOTE_ADDR": peer, "HTTP_X_REMOTE_USER": "ada"}
        assert find_vouched_name(environ, settings) == ("ada" if left else "")
        strip_vouched_name(environ, settings)
        assert ("HTTP_X_REMOTE_USER" in environ) is left


def test_passwords_are_no_way_in_where_they_are_not_listed(make_site: Make) -> None:
    site = make_site("proxy-header")
    site.user("ada")
    browser = site.browser()
    page = get(browser, "/_admin/login")
    assert "The web server in front of this site signs people in" in page.text
    assert page.html.select("input[type=password]") == []
    fields = {"username": "ada", "password": PASSWORD}
    assert "Login or password is wrong." in site.post(browser, "/_admin/login", fields).text


@pytest.mark.parametrize("page", ["register", "password_reset", "password_reset_confirmation?token=1-2"])
def test_no_password_is_made_where_passwords_are_no_way_in(make_site: Make, page: str) -> None:
    site = make_site("proxy-header")
    with writing(site.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "automatic")
    shown = get(site.browser(), f"/_admin/{page}")
    assert "Passwords of this site are no way to sign in" in shown.text
    assert shown.html.select("main form") == []


def test_page_costs_one_statement_for_who_asks(make_site: Make) -> None:
    site = make_site()
    site.user("ada")
    session, vouched = site.browser("ada"), site.browser(REMOTE_ADDR=PROXY, HTTP_X_REMOTE_USER="ada")
    counts = []
    for browser in (session, vouched):
        with counted(site.application.engine) as statements:
            get(browser, "/about")
        counts.append(len(statements))
    assert counts[0] == counts[1]
