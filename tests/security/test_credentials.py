"""Probes of what opens a site: links in mails, lasting sessions, guessing, names in headers, and what is stored."""

import base64
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, select, text

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.model.mail_link import MailLink
from kallithea.model.user_session import UserSession
from kallithea.services.application import Application
from kallithea.services.work import reading, writing
from kallithea.transport.answers import RefusedError
from kallithea.transport.gate import admit
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.web.mailing import ADDRESS, MailingSite, link_of, mailing_site
from tests.web.site import PASSWORD, Site, form_of, get

NEW = "a longer and better one"
KINDS = {"r": Kind.GIT, "h": Kind.HG}


@pytest.fixture
def mailing(application: Application) -> Iterator[MailingSite]:
    """A site that sends mails, where ada has an address."""
    with mailing_site(application) as site:
        site.user("ada")
        site.user("eve")
        with writing(site.application) as services:
            for name in ("ada", "eve"):
                services.email_addresses.add(COMMAND_LINE, services.users.get(name), f"{name}@example.org")
        yield site


@pytest.fixture
def granted(site: Site) -> Site:
    """A site with a repository of each kind, which ada may write to and root administers."""
    site.user("ada")
    site.user("root", administrator=True)
    for path, kind in KINDS.items():
        site.repository(path, kind).commit({b"a": b"1"})
        site.grant("ada", Level.WRITE, path)
    return site


def _wire(application: Application, name: str, password: str, peer: str = "192.0.2.7", **environ: str) -> list[int]:
    """The statuses that clients of git and of hg get; 0 for those who may go on."""
    basic = base64.b64encode(f"{name}:{password}".encode()).decode()
    found = {"REMOTE_ADDR": peer, **({"HTTP_AUTHORIZATION": f"Basic {basic}"} if name or password else {}), **environ}
    statuses = []
    for path, kind in KINDS.items():
        try:
            admit(application, found, path, kind, Level.WRITE)
            statuses.append(0)
        except RefusedError as problem:
            statuses.append(problem.status)
    return statuses


def _ask_reset(site: MailingSite, body: bytes | None = None, **environ: str) -> None:
    browser = site.browser(**environ)
    form = form_of(get(browser, "/_admin/password_reset"))
    form["email"] = "ada@example.org"
    fields = "&".join(f"{name}={value}" for name, value in form.submit_fields() if name != "email")
    sent = f"{fields}&".encode() + (body or b"email=ada@example.org")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    browser.post("/_admin/password_reset", sent, headers=headers, expect_errors=True)


def _reset(site: MailingSite, link: str, password: str = NEW) -> int:
    browser = site.browser()
    get(browser, "/_admin/login")
    token = link.partition("token=")[2]
    page = "/_admin/password_reset_confirmation"
    return int(site.post(browser, page, {"token": token, "password": password}).status_int)


def test_p45_nothing_takes_json_by_a_cookie(granted: Site) -> None:
    browser = granted.browser("root")
    call = b'{"id": 1, "method": "delete_repo", "args": {"repoid": "r"}}'
    for address in ("/_admin/api", "/_admin/repos", "/r/settings/delete"):
        for kind in ("text/plain", "application/json", "application/x-www-form-urlencoded"):
            answer = browser.post(address, call, headers={"Content-Type": kind}, expect_errors=True)
            assert answer.status_int in (400, 403, 404, 405)
    assert get(browser, "/r").status_int == 200


def test_p48_link_for_a_password_counts_once_for_its_user(mailing: MailingSite) -> None:
    _ask_reset(mailing)
    link = mailing.link()
    for other in (link[:-1] + ("0" if link[-1] != "0" else "1"), link + "0", re.sub(r"token=\d+", "token=999", link)):
        assert _reset(mailing, other) == 404
    assert [_reset(mailing, link), _reset(mailing, link, PASSWORD)] == [303, 404]
    assert mailing.sign_in("ada", NEW)[1].status_int == 303
    assert mailing.sign_in("eve", NEW)[1].status_int == 200


def test_p48_link_ends_with_the_password_and_with_time(mailing: MailingSite) -> None:
    clock = mailing.application.clock = Clock()
    _ask_reset(mailing)
    link = mailing.link()
    with writing(mailing.application) as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get("ada"), mailing.password_hash)
    assert _reset(mailing, link) == 409
    _ask_reset(mailing)
    link = mailing.link()
    clock.pass_(3601)
    assert _reset(mailing, link) == 404


@pytest.mark.parametrize(
    "body",
    [
        b"email=ada@example.org&email=eve@example.org",
        b"email[]=ada@example.org&email[]=eve@example.org",
        b"email=ada@example.org,eve@example.org",
        b"email=ada@example.org%0d%0aBcc:eve@example.org",
        b"email=ada@example.org%00eve@example.org",
    ],
)
def test_p48_nobody_else_gets_the_link(mailing: MailingSite, body: bytes) -> None:
    _ask_reset(mailing, body)
    for message in mailing.deliver():
        assert message["To"] == "eve@example.org"
        assert message["Bcc"] is message["Cc"] is None
        assert _reset(mailing, link_of(message)) == 303
        assert mailing.sign_in("eve", NEW)[1].status_int == 303
    assert mailing.sign_in("ada", PASSWORD)[1].status_int == 303
    assert all(one.recipients == ["eve@example.org"] for one in mailing.server.received)


def test_p48_links_lead_to_this_site_whatever_the_request_says(
    mailing: MailingSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    host = "evil.example"
    _ask_reset(mailing, HTTP_HOST=host, HTTP_X_FORWARDED_HOST=host, HTTP_FORWARDED=f"host={host}")
    [message] = mailing.deliver()
    assert f"{ADDRESS}/_admin/password_reset_confirmation" in message.get_content()
    assert "evil.example" not in message.as_string()
    assert link_of(message).partition("token=")[2] not in caplog.text


def test_p49_nothing_stored_opens_a_lasting_session(site: Site) -> None:
    site.user("ada")
    browser = site.browser()
    form = form_of(browser.get("/_admin/login"))
    form["username"], form["password"], form["remember"] = "ada", PASSWORD, True
    answer = form.submit()
    assert "expires=" in answer.headers["Set-Cookie"].lower()
    with reading(site.application) as services:
        [row] = services.session.scalars(select(UserSession)).all()
        stored = [str(value) for value in vars(row).values()] + [
            row.digest.hex(),
            base64.b64encode(row.digest).decode(),
            row.digest.decode("latin-1"),
        ]
    for value in stored:
        thief = site.browser()
        site.give_session(thief, value)
        assert get(thief, "/_admin/my_account").status_int == 303
    assert get(browser, "/_admin/my_account").status_int == 200
    with writing(site.application) as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get("ada"), site.password_hash)
    assert get(browser, "/_admin/my_account").status_int == 303


def test_p50_guessing_is_slowed_on_every_way_and_shared_by_all(granted: Site) -> None:
    granted.application.clock = Clock()
    for _ in range(3):
        assert granted.sign_in("ada", "wrong")[1].status_int == 200
    assert _wire(granted.application, "ada", "wrong") == [401, 401]
    assert _wire(granted.application, "ada", PASSWORD) == [429, 429]
    assert granted.sign_in("ada", PASSWORD)[1].status_int == 429


def test_p50_nobody_locks_the_administrator_out(granted: Site) -> None:
    granted.application.clock = Clock()
    granted.sign_in("root")
    for number in range(60):
        peer = f"198.51.{number}.7"
        with writing(granted.application) as services:
            services.sign_in_failures.add("root", peer)
    peers = ("192.0.2.7", "192.0.2.200", "203.0.113.5")
    for peer in peers:
        assert granted.sign_in("root", browser=granted.browser(REMOTE_ADDR=peer))[1].status_int == 303
        assert _wire(granted.application, "root", PASSWORD, peer) == [0, 0]
    with writing(granted.application) as services:
        services.sign_in_failures.add("root", "198.51.7.7")
    assert _wire(granted.application, "root", PASSWORD, "198.51.7.7") == [429, 429]


def test_p50_neighbours_do_not_keep_out_who_comes_from_there(granted: Site) -> None:
    """Failures of a whole network slow down everybody in it but those who have signed in from there."""
    granted.application.clock = Clock()
    granted.sign_in("root")
    with writing(granted.application) as services:
        for number in range(40):
            services.sign_in_failures.add(f"nobody{number}", "192.0.2.9")
    here = [granted.sign_in(name, browser=granted.browser())[1].status_int for name in ("root", "ada")]
    assert here == [303, 429]


def test_p52_everything_of_a_disabled_account_is_refused_at_once(granted: Site) -> None:
    with writing(granted.application) as services:
        ada = services.users.get("ada")
        tokens = [services.tokens.create(COMMAND_LINE, ada, scopes=[scope])[1] for scope in ("admin", "feed")]
    browser = granted.browser("ada")
    feed = f"/_admin/journal/rss?token={tokens[1]}"

    def ways() -> list[object]:
        return [
            get(browser, "/_admin/my_account").status_int,
            get(granted.browser(), feed).status_int,
            granted.sign_in("ada")[1].status_int,
            *_wire(granted.application, "ada", PASSWORD),
            *_wire(granted.application, "x", tokens[0]),
            *_wire(granted.application, tokens[0], ""),
        ]

    before = ways()
    assert before[0] == before[1] == 200
    assert before[2:] == [303, 0, 0, 0, 0, 0, 0]
    with writing(granted.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    after = ways()
    assert after[0] == 303
    assert after[1] in (303, 401, 403, 404)
    assert after[2:] == [200, 401, 401, 401, 401, 401, 401]
    # sessions are ended, and one that were there in spite of it would not count
    with reading(granted.application) as services:
        assert services.user_sessions.list_(services.users.get("ada")) == []
    assert get(granted.browser("ada"), "/_admin/my_account").status_int == 303


@pytest.mark.parametrize(
    "variable",
    ["REMOTE_USER", "HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER", "HTTP_X_FORWARDED_USER", "HTTP_X_USER", "HTTP_USER"],
)
def test_p55_names_in_headers_are_nothing_by_themselves(granted: Site, variable: str) -> None:
    """No variable is read, and it would be no way in.

    Where a site wants them from its proxies, and from nobody else: see the tests of people for whom somebody vouches.
    """
    assert get(granted.browser(**{variable: "root"}), "/_admin/my_account").status_int == 303
    assert _wire(granted.application, "", "", **{variable: "root"}) == [401, 401]


def test_p78_no_secret_is_in_the_log_and_the_database(mailing: MailingSite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    browser, _answer = mailing.sign_in("ada")
    form = form_of(get(browser, "/_admin/my_account/api_keys"))
    form["description"] = "laptop"
    token = form.submit().html.select_one("#tok")["value"]
    _ask_reset(mailing)
    link = mailing.link().partition("token=")[2]
    _wire(mailing.application, "x", token)
    _wire(mailing.application, "ada", PASSWORD)
    _wire(mailing.application, "ada", "a wrong password that may be right elsewhere")
    get(browser, f"/_admin/my_account?token={token}&password={NEW}")
    cookie = str(next(iter(browser.cookies.values())))
    with writing(mailing.application) as services:
        session_id = services.user_sessions.create(services.users.get("ada"), address="", client="")
    with reading(mailing.application) as services:
        assert services.session.scalars(select(MailLink)).all()
        connection = services.session.connection()
        tables = inspect(connection).get_table_names()
        rows = [str(row) for name in tables for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    stored = "\n".join(rows)
    secrets = [PASSWORD, NEW, token, link, cookie, session_id, "a wrong password that may be right elsewhere"]
    secrets.append(mailing.application.settings.session_secret)
    for secret in secrets:
        assert secret not in stored
        assert secret not in caplog.text
    assert mailing.application.settings.session_secret not in repr(mailing.application.settings)
