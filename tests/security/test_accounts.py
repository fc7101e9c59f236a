"""Sessions, passwords and tokens: what counts, for whom, and how soon no more."""

import base64
import contextlib
import logging
from collections.abc import Callable

import pytest
from pyramid.config import Configurator
from sqlalchemy import select

from kallithea.core.access import SIGNED_IN, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.settings import Settings
from kallithea.model.audit import AuditEntry
from kallithea.model.outbox import OutboxJob
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.transport.answers import RefusedError
from kallithea.transport.gate import admit, require_still
from kallithea.vcs.types import Kind
from kallithea.vcs.writing import RefusedWriteError
from kallithea.web.app import add_features
from kallithea.web.context import SiteContext
from tests.web.mailing import mailing_site
from tests.web.site import PASSWORD, Browser, Site, form_of, get, links

NEW = "a longer and better one"


@pytest.fixture
def granted(site: Site) -> Site:
    """A site with ada, who may write to the repository r."""
    site.user("ada")
    site.repository("r")
    site.grant("ada", Level.WRITE, "r")
    return site


def _status(application: Application, name: str, password: str, query: str = "") -> int:
    """The status that a client of git gets; 0 if it may go on."""
    environ = {"REMOTE_ADDR": "192.0.2.7", "QUERY_STRING": query}
    if name or password:
        environ["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
    try:
        admit(application, environ, "r", Kind.GIT, Level.WRITE)
    except RefusedError as problem:
        return problem.status
    return 0


def _token(site: Site, name: str = "ada") -> str:
    with writing(site.application) as services:
        return services.tokens.create(COMMAND_LINE, services.users.get(name))[1]


def _cookie(browser: Browser) -> str:
    return str(next(iter(browser.cookies.values())))


def test_sign_in_changes_the_session_and_sign_out_ends_it(granted: Site) -> None:
    browser = granted.browser()
    get(browser, "/_admin/login")
    before = _cookie(browser)
    granted.sign_in("ada", browser=browser)
    after = _cookie(browser)
    assert before != after
    for stale in (before, after):
        if stale == after:
            granted.post(browser, "/_admin/logout", {})
        answer = get(granted.browser(), "/_admin/my_account", headers={"Cookie": f"kallithea={stale}"})
        assert answer.status_int == 303


def test_disabled_account_is_refused_at_once_in_every_process(
    granted: Site, make_application: Callable[[Settings], Application]
) -> None:
    token, browser = _token(granted), granted.browser("ada")
    other = make_application(granted.application.settings)
    elsewhere = Site(other)
    ways = [("ada", PASSWORD), ("x", token)]
    assert [_status(other, *way) for way in ways] == [0, 0]
    with writing(granted.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    assert [_status(one, *way) for one in (granted.application, other) for way in ways] == [401] * 4
    browser_elsewhere = elsewhere.browser()
    for cookie in browser.cookiejar:
        browser_elsewhere.cookiejar.set_cookie(cookie)
    assert get(browser_elsewhere, "/_admin/my_account").status_int == 303


def test_new_account_with_an_old_name_inherits_nothing(granted: Site) -> None:
    token = _token(granted)
    with writing(granted.application) as services:
        services.session.delete(services.users.get("ada"))
    granted.user("ada")
    assert (_status(granted.application, "x", token), _status(granted.application, "ada", PASSWORD)) == (401, 404)


@pytest.mark.parametrize("change", ["nothing", "password", "networks", "disabled"])
def test_push_that_lasts_is_refused_once_its_sender_would_be(granted: Site, change: str) -> None:
    with writing(granted.application) as services:
        services.permissions.set_(COMMAND_LINE, services.repositories.get("r"), SIGNED_IN, Level.WRITE)
    header = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    environ = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": header}
    admitted = admit(granted.application, environ, "r", Kind.GIT, Level.WRITE)
    with writing(granted.application) as services:
        ada = services.users.get("ada")
        if change == "password":
            services.users.set_password_hash(COMMAND_LINE, ada, "another one")
        elif change == "networks":
            services.allow_lists.set_for_user(COMMAND_LINE, ada, "198.51.100.0/24")
        elif change == "disabled":
            services.users.disable(COMMAND_LINE, ada)
    refused = contextlib.nullcontext() if change == "nothing" else pytest.raises(RefusedWriteError, match="any more")
    with refused:
        require_still(granted.application, environ, admitted, Level.WRITE)


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), PASSWORD + "\0", PASSWORD + "x" * 9000, PASSWORD[:-1], "*"])
def test_odd_passwords_are_refused(granted: Site, password: str) -> None:
    assert _status(granted.application, "ada", password) == 401


@pytest.mark.parametrize("name", ["*", "ada)(uid=*", "ada'--", "ada\0", "", " ada"])
def test_odd_names_are_nobody(granted: Site, name: str) -> None:
    assert _status(granted.application, name, PASSWORD) == 401


def test_token_in_the_address_is_nothing(granted: Site) -> None:
    token = _token(granted)
    for field in ("api_key", "token", "access_token", "private_token"):
        assert _status(granted.application, "", "", f"{field}={token}") == 401
        answer = get(granted.browser(), f"/r?{field}={token}")
        assert answer.status_int == 404


@pytest.mark.parametrize("variable", ["REMOTE_USER", "HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER", "HTTP_X_FORWARDED_USER"])
def test_headers_say_nothing_of_who_asks(granted: Site, variable: str) -> None:
    assert get(granted.browser(**{variable: "ada"}), "/_admin/my_account").status_int == 303


def test_pages_that_change_something_do_so_by_post_alone(granted: Site) -> None:
    config = Configurator()
    add_features(config)
    pages = config.registry.pages
    names = {name for context, name in pages.names("POST") - pages.names("GET") if context is SiteContext}
    assert "_admin/my_account/api_keys/delete" in names
    browser = granted.browser("ada")
    for name in names:
        for extra in ("", "?_method=POST", "?_method=DELETE"):
            answer = get(browser, f"/{name}{extra}", headers={"X-HTTP-Method-Override": "POST"})
            assert answer.status_int == 405, name


def test_secrets_are_in_no_log_and_no_record(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with mailing_site(application) as site:
        site.user("ada")
        with writing(site.application) as services:
            services.email_addresses.add(COMMAND_LINE, services.users.get("ada"), "ada@example.org")
        browser, _answer = site.sign_in("ada")
        form = form_of(get(browser, "/_admin/my_account/api_keys"))
        form["description"] = "laptop"
        token = form.submit().html.select_one("#tok")["value"]
        form = form_of(get(site.browser(), "/_admin/password_reset"))
        form["email"] = "ada@example.org"
        form.submit()
        link = site.link()
        form = form_of(get(site.browser(), link))
        form["password"] = NEW
        form.submit()
        with reading(site.application) as services:
            rows = [*services.session.scalars(select(AuditEntry)), *services.session.scalars(select(OutboxJob))]
            written = caplog.text + " ".join(str(value) for row in rows for value in vars(row).values())
    for secret in (PASSWORD, NEW, token, link.partition("=")[2], _cookie(browser), site.password_hash):
        assert secret not in written


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JaVaScRiPt://%0aalert(1)", "data:text/html,x", r"\1"])
def test_p38_an_issue_pattern_leads_to_no_script(site: Site, address: str) -> None:
    site.user("root", administrator=True)
    browser = site.browser("root")
    form = form_of(get(browser, "/_admin/settings/issues"))
    form["pattern-0"], form["address-0"] = r"HAVEN-(\S+)", address
    assert form.submit(expect_errors=True).status_int == 422
    builder = site.repository("r")
    builder.commit({b"a": b"1"}, message=b"see HAVEN-javascript:alert(1)")
    answer = get(site.browser("root"), "/r/changelog")
    assert not [link for link in links(answer) if "script:" in link or "data:" in link]
