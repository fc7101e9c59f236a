"""Registration, forgotten passwords and further addresses: whatever a link in a mail proves."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from webtest import TestResponse as Answer

from kallithea.core.actor import COMMAND_LINE
from kallithea.model.mail_link import MailLink
from kallithea.model.outbox import OutboxJob
from kallithea.services import registrations
from kallithea.services.application import Application
from kallithea.services.mail_links import Asker, Purpose
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.statements import counted
from tests.web.mailing import ADDRESS, MailingSite, link_of, mailing_site
from tests.web.site import PASSWORD, Browser, Site, form_of, get

NEW = "a longer and better one"


@pytest.fixture
def mailing(application: Application) -> Iterator[MailingSite]:
    """A site with a mail server, on which ada has an account with an address, and people may register."""
    with mailing_site(application) as site:
        site.user("ada")
        with writing(site.application) as services:
            services.email_addresses.add(COMMAND_LINE, services.users.get("ada"), "ada@example.org")
            services.settings.set_(COMMAND_LINE, "registration", "automatic")
        yield site


def _ask_reset(site: Site, address: str, **environ: str) -> Answer:
    form = form_of(get(site.browser(**environ), "/_admin/password_reset"))
    form["email"] = address
    return form.submit(expect_errors=True)


def _register(site: Site, name: str = "eve", address: str = "eve@example.org", password: str = PASSWORD) -> Answer:
    form = form_of(get(site.browser(), "/_admin/register"))
    form["username"], form["email"], form["password"] = name, address, password
    return form.submit(expect_errors=True)


def _open(site: Site, link: str, browser: Browser | None = None, **fields: str) -> Answer:
    form = form_of(get(browser or site.browser(), link))
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def _counts(site: Site, link: str, browser: Browser | None = None) -> bool:
    """Whether the page of a link has the form that uses it up."""
    page = get(browser or site.browser(), link)
    assert page.status_int == 200
    return page.html.select_one("main input[name=token]") is not None


def _names(site: Site) -> list[str]:
    with reading(site.application) as services:
        return [user.name for user in services.users.list_()]


def test_forgotten_password_is_replaced(mailing: MailingSite) -> None:
    signed_in = mailing.browser("ada")
    assert "a mail with a link is on its way" in _ask_reset(mailing, "ADA@example.org").text
    [message] = mailing.deliver()
    assert message["To"] == "ada@example.org"
    link = link_of(message)
    assert get(mailing.browser(), link).html.select_one("#u")["value"] == "ada"
    assert _open(mailing, link, password=NEW).location == "/_admin/login"
    assert [mailing.sign_in("ada", word)[1].status_int for word in (NEW, PASSWORD)] == [303, 200]
    assert get(signed_in, "/_admin/my_account").status_int == 303
    assert not _counts(mailing, link)


def test_unknown_address_gets_the_same_answer_after_the_same_statements(mailing: MailingSite) -> None:
    with writing(mailing.application) as services:
        services.email_addresses.add(COMMAND_LINE, services.users.get("ada"), "ada@example.net")
    addresses = ("ada@example.org", "ada@example.net", "nobody@example.org")
    for address in addresses:
        _ask_reset(mailing, address)
    answers = []
    for address in addresses:
        browser = mailing.browser()
        form = form_of(get(browser, "/_admin/password_reset"))
        form["email"] = address
        with counted(mailing.application.engine) as statements:
            page = form.submit()
        answers.append((page.status_int, page.html.main.text, list(statements)))
    assert answers[0] == answers[1] == answers[2]
    assert {message["To"] for message in mailing.deliver()} == {"ada@example.org", "ada@example.net"}


def test_link_goes_to_the_address_that_was_proved(mailing: MailingSite) -> None:
    with writing(mailing.application) as services:
        services.users.create(COMMAND_LINE, name="max", password_hash="x", email="strasse@example.org")
    _ask_reset(mailing, "straße@example.org")
    assert [message["To"] for message in mailing.deliver()] == ["strasse@example.org"]


def test_link_does_not_outlive_a_change_of_the_password(mailing: MailingSite) -> None:
    _ask_reset(mailing, "ada@example.org")
    link = mailing.link()
    with writing(mailing.application) as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get("ada"), "x")
    assert not _counts(mailing, link)


@pytest.mark.parametrize("taken", [False, True], ids=["removed", "taken by somebody else"])
def test_link_does_not_outlive_the_address_that_it_went_to(mailing: MailingSite, taken: bool) -> None:
    with writing(mailing.application) as services:
        ada = services.users.get("ada")
        services.email_addresses.add(COMMAND_LINE, ada, "ada@work.example")
    _ask_reset(mailing, "ada@work.example")
    link = mailing.link()
    assert _counts(mailing, link)
    with writing(mailing.application) as services:
        [row] = services.email_addresses.list_(services.users.get("ada"))
        services.email_addresses.delete(COMMAND_LINE, services.users.get("ada"), row.email_address_id)
        if taken:
            services.users.create(COMMAND_LINE, name="bob", email="ada@work.example")
    assert not _counts(mailing, link)
    page, _, token = link.partition("?token=")
    answer = mailing.post(mailing.browser("ada"), page, {"token": token, "password": NEW})
    assert answer.status_int == 404
    assert [mailing.sign_in("ada", word)[1].status_int for word in (NEW, PASSWORD)] == [200, 303]


def test_disabled_account_gets_no_link(mailing: MailingSite) -> None:
    with writing(mailing.application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("ada"))
    _ask_reset(mailing, "ada@example.org")
    assert mailing.deliver() == []


@pytest.mark.parametrize("change", ["x", "999-00", "", "1-" + "0" * 64])
def test_forged_links_are_nothing(mailing: MailingSite, change: str) -> None:
    _ask_reset(mailing, "ada@example.org")
    page = mailing.link().partition("?")[0]
    for name in (page, "/_admin/register_confirmation"):
        assert not _counts(mailing, f"{name}?token={change}")
        answer = mailing.post(mailing.browser("ada"), name, {"token": change, "password": NEW})
        assert answer.status_int == 404


def test_link_for_one_purpose_is_none_for_another(mailing: MailingSite) -> None:
    _ask_reset(mailing, "ada@example.org")
    token = mailing.link().partition("?")[2]
    assert not _counts(mailing, f"/_admin/register_confirmation?{token}")
    assert not _counts(mailing, f"/_admin/my_account/emails/confirm?{token}", mailing.browser("ada"))


def test_nothing_stored_opens_a_link(mailing: MailingSite) -> None:
    _ask_reset(mailing, "ada@example.org")
    secret = mailing.link().partition("-")[2]
    with reading(mailing.application) as services:
        rows = [*services.session.scalars(select(MailLink)), *services.session.scalars(select(OutboxJob))]
        stored = " ".join(str(value) for row in rows for value in vars(row).values())
    assert secret not in stored


def test_many_mails_are_sent_to_nobody(mailing: MailingSite) -> None:
    pages = [_ask_reset(mailing, "ada@example.org") for _ in range(7)]
    assert len({page.html.main.text for page in pages}) == 1
    assert len(mailing.deliver()) == 5


def test_name_of_the_request_is_in_no_mail(mailing: MailingSite) -> None:
    _ask_reset(mailing, "ada@example.org", HTTP_HOST="evil.example")
    [message] = mailing.deliver()
    assert "evil.example" not in message.as_string()


def test_somebody_registers(mailing: MailingSite) -> None:
    assert "A mail is on its way to eve@example.org." in _register(mailing).html.main.text
    assert _names(mailing) == ["ada"]
    link = mailing.link()
    get(mailing.browser(), link)
    assert _names(mailing) == ["ada"]
    assert "You can sign in." in _open(mailing, link).text
    assert mailing.sign_in("eve")[1].status_int == 303
    assert not _counts(mailing, link)


def test_account_waits_for_approval(mailing: MailingSite) -> None:
    with writing(mailing.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "approval")
    _register(mailing)
    assert "An administrator has to enable it" in _open(mailing, mailing.link()).text
    assert "Login or password is wrong." in mailing.sign_in("eve")[1].text
    with writing(mailing.application) as services:
        services.users.enable(COMMAND_LINE, services.users.get("eve"))
    assert mailing.sign_in("eve")[1].status_int == 303


def test_registering_a_known_address_says_so_by_mail_alone(mailing: MailingSite) -> None:
    known, unknown = _register(mailing, "eve", "ada@example.org"), _register(mailing, "eve", "eve@example.org")
    assert known.html.main.text.replace("ada@", "eve@") == unknown.html.main.text
    first, _second = mailing.deliver()
    assert (first["To"], "token=" in first.get_content()) == ("ada@example.org", False)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        (("ada",), "username"),
        (("Team",), "username"),
        (("worker",), "username"),
        (("Visitor",), "username"),
        (("a/b",), "username"),
        (("eve", "no address"), "email"),
        (("eve", "eve@example.org", "short"), "password"),
    ],
)
def test_what_cannot_be_registered_is_shown_again(mailing: MailingSite, fields: tuple[str, ...], named: str) -> None:
    with writing(mailing.application) as services:
        services.user_groups.create(COMMAND_LINE, None, name="team")
    page = _register(mailing, *fields)
    assert page.status_int == 422
    assert page.html.select_one(f"#f-{named}-e").text.strip()
    assert mailing.deliver() == []


def test_who_asks_for_many_names_is_told_of_no_more(mailing: MailingSite) -> None:
    clock = mailing.application.clock = Clock()
    assert [_register(mailing).status_int, _register(mailing, "ada").status_int] == [200, 422]
    with writing(mailing.application) as services:
        for _ in range(48):
            services.sign_in_failures.take_registration("192.0.2.200")
    assert [_register(mailing, name).status_int for name in ("ada", "max")] == [429, 429]
    with writing(mailing.application) as services:
        services.sign_in_failures.take_registration("198.51.100.1")
    clock.pass_(3601)
    assert _register(mailing, "ada").status_int == 422


def test_nothing_is_hashed_for_a_network_that_gets_no_mail(
    mailing: MailingSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        with writing(mailing.application) as services:
            services.mail_links.create(Purpose.NOBODY, f"a{number}@example.org", Asker("192.0.2.7", "en"))
    monkeypatch.setattr(registrations, "hash_password", pytest.fail)
    assert _register(mailing).status_int == 429


def test_registration_that_is_off_is_refused(mailing: MailingSite) -> None:
    _register(mailing)
    link = mailing.link()
    with writing(mailing.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "off")
    assert not _counts(mailing, link)
    assert get(mailing.browser(), "/_admin/register").html.select("main form") == []
    assert mailing.post(mailing.browser("ada"), link.partition("?")[0], {"token": "1-0"}).status_int == 403
    assert "/_admin/register" not in get(mailing.browser(), "/_admin/login").text


def test_site_without_mails_says_so(site: Site) -> None:
    site.user("ada")
    assert "This site sends no mails." in get(site.browser(), "/_admin/password_reset").text
    assert "This site sends no mails" in get(site.browser("ada"), "/_admin/my_account/emails").text
    assert "password_reset" not in get(site.browser(), "/_admin/login").text


def test_address_counts_once_its_link_is_opened(mailing: MailingSite) -> None:
    ada = mailing.browser("ada")
    page = _open(mailing, "/_admin/my_account/emails", ada, email="ada@home.example").follow()
    assert "Not confirmed" in page.text
    with reading(mailing.application) as services:
        assert services.email_addresses.find_user("ada@home.example") is None
    assert "The address belongs to your account." in _open(mailing, mailing.link(), ada).follow().text
    with reading(mailing.application) as services:
        found = services.email_addresses.find_user("ada@home.example")
    assert found is not None
    assert found.name == "ada"
    _ask_reset(mailing, "ada@home.example")
    assert [message["To"] for message in mailing.deliver()] == ["ada@home.example"]


def test_mails_go_to_another_address(mailing: MailingSite) -> None:
    ada = mailing.browser("ada")
    with writing(mailing.application) as services:
        user = services.users.get("ada")
        services.email_addresses.add(COMMAND_LINE, user, "ada@home.example")
        number = str(services.email_addresses.list_(user)[0].email_address_id)
    page = mailing.post(ada, "/_admin/my_account/emails/first", {"address": number}).follow()
    assert page.html.tbody.th.text.startswith("ada@home.example")
    mailing.post(ada, "/_admin/my_account/emails/delete", {"address": number})
    with reading(mailing.application) as services:
        assert services.email_addresses.find_user("ada@example.org") is None


def test_addresses_of_others_stay_theirs(mailing: MailingSite) -> None:
    mailing.user("bob")
    bob = mailing.browser("bob")
    with writing(mailing.application) as services:
        user = services.users.get("ada")
        services.email_addresses.add(COMMAND_LINE, user, "ada@home.example")
        number = str(services.email_addresses.list_(user)[0].email_address_id)
    for action in ("first", "delete"):
        answer = mailing.post(bob, f"/_admin/my_account/emails/{action}", {"address": number})
        assert answer.status_int == 404
    _open(mailing, "/_admin/my_account/emails", bob, email="ADA@home.example")
    [message] = mailing.deliver()
    assert (message["To"], "token=" in message.get_content()) == ("ada@home.example", False)


def test_link_to_an_address_is_for_who_asked_for_it(mailing: MailingSite) -> None:
    mailing.user("bob")
    _open(mailing, "/_admin/my_account/emails", mailing.browser("ada"), email="new@example.org")
    assert not _counts(mailing, mailing.link(), mailing.browser("bob"))


def test_mail_is_in_the_language_of_the_page(mailing: MailingSite) -> None:
    _ask_reset(mailing, "ada@example.org", HTTP_ACCEPT_LANGUAGE="de")
    [message] = mailing.deliver()
    assert "Ein neues Passwort" in message["Subject"]


def test_administrators_are_told_of_an_account_that_waits(mailing: MailingSite) -> None:
    for name, email, language in (
        ("root", "root@example.org", "de"),
        ("admin", "admin@example.org", ""),
        ("mute", "", ""),
    ):
        user_id = mailing.user(name, administrator=True)
        with writing(mailing.application) as services:
            if email:
                services.email_addresses.add(COMMAND_LINE, services.users.get(name), email)
            services.profiles.choose_language(user_id, language, "")
    with writing(mailing.application) as services:
        services.settings.set_(COMMAND_LINE, "registration", "approval")
    _register(mailing)
    _open(mailing, mailing.link())
    with reading(mailing.application) as services:
        eve = services.users.get("eve")
        jobs = services.session.scalars(select(OutboxJob.arguments).where(OutboxJob.kind == "SendMail")).all()
    assert not eve.active
    mails = [json.loads(job) for job in jobs]
    assert [mail["to"] for mail in mails] == [["admin@example.org"], ["root@example.org"]]
    for mail in mails:
        assert f"{ADDRESS}/_admin/users/edit/{eve.user_id}" in mail["text"]
        assert "eve (eve@example.org)" in mail["text"]
        assert PASSWORD not in mail["text"]
    assert "An account waits for you" in mails[0]["subject"]


def test_nobody_is_told_of_an_account_that_counts_at_once(mailing: MailingSite) -> None:
    mailing.user("root", administrator=True)
    with writing(mailing.application) as services:
        services.email_addresses.add(COMMAND_LINE, services.users.get("root"), "root@example.org")
    _register(mailing)
    _open(mailing, mailing.link())
    with reading(mailing.application) as services:
        assert services.session.scalars(select(OutboxJob).where(OutboxJob.kind == "SendMail")).all() == []
