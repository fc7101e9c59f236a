"""Mails about events, over a real conversation with a mail server."""

import dataclasses
import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.watching import MailSchedule, Watch
from kallithea.model.notification import Notification
from kallithea.services import notification_mails
from kallithea.services.application import Application
from kallithea.services.mail_choices import Unsubscription
from kallithea.services.notification_mails import mail_digest, mail_notification
from kallithea.services.push_descriptions import describe_push
from kallithea.services.work import writing
from kallithea.vcs.types import Kind
from tests.applications import Clock
from tests.factories.pushes import last_entry, push, work
from tests.factories.repositories import RepositoryBuilder
from tests.web.mailing import ADDRESS, MailingSite, mailing_site

HOSTILE = b"<script>alert(1)</script> ${7*7} \r\nBcc: eve@example.org @ada"


@pytest.fixture
def site(application: Application, clock: Clock) -> Iterator[MailingSite]:
    """Ada and bob, who have addresses."""
    with mailing_site(application) as site:
        site.application.clock = clock
        for name in ("ada", "bob"):
            site.user(name)
        with writing(site.application) as services:
            for name in ("ada", "bob"):
                services.users.get(name).email = f"{name}@example.org"
        yield site


@pytest.fixture(params=Kind)
def builder(site: MailingSite, request: pytest.FixtureRequest) -> RepositoryBuilder:
    """A private repository that ada and bob may read, and ada follows."""
    builder = site.repository("r", Kind(request.param), private=True)
    for name in ("ada", "bob"):
        site.grant(name, Level.READ, "r")
    with writing(site.application) as services:
        repository_id = services.repositories.get("r").repository_id
        services.followers.ensure(services.users.get("ada").user_id, repository_id)
    return builder


def received(site: MailingSite) -> list[EmailMessage]:
    """What has arrived after all jobs are done."""
    work(site.application)
    return [email.message_from_bytes(one.data, policy=email.policy.default) for one in site.server.received]


def parts(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def commit(builder: RepositoryBuilder, message: bytes = b"Subject", content: bytes = b"1") -> str:
    return builder.commit({b"a": content}, message=message)


def test_a_push_is_told_by_text_and_html(site: MailingSite, builder: RepositoryBuilder) -> None:
    commit_id = push(site.application, "r", "bob", lambda: commit(builder))
    (message,) = received(site)
    word = "changeset" if builder.kind is Kind.HG else "commit"
    assert message["To"] == "ada@example.org"
    assert message["Subject"].strip() == f"r: bob pushed 1 {word}"
    text, html = parts(message)
    for content in (text, html):
        assert f"bob pushed 1 {word}" in content
        assert f"{ADDRESS}/r/changeset/{commit_id}" in content
        assert "Subject" in content
        assert "because you follow the repository" in content
    assert message.get_content_type() == "multipart/alternative"
    assert message["Auto-Submitted"] == "auto-generated"


def test_mails_of_a_repository_are_one_thread_and_each_has_its_own_id(
    site: MailingSite, builder: RepositoryBuilder
) -> None:
    for content in (b"1", b"2"):
        push(site.application, "r", "bob", lambda: commit(builder, content=content))  # noqa: B023
    first, second = received(site)
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert first["Message-ID"] != second["Message-ID"]
    assert re.fullmatch(r"<event-\d+-\d+@code\.example\.org>", first["Message-ID"])
    assert first["List-Id"].endswith(".code.example.org>")


def test_a_mail_that_was_sent_but_not_noted_is_sent_again_under_the_same_id(
    site: MailingSite, builder: RepositoryBuilder
) -> None:
    push(site.application, "r", "bob", lambda: commit(builder))
    (first,) = received(site)
    with writing(site.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        notification_id = services.notifications.list_(viewer)[0].notification_id
    mail_notification(site.application, notification_id)
    assert len(site.server.received) == 1
    with writing(site.application) as services:
        services.session.get_one(Notification, notification_id).mailed = None
    mail_notification(site.application, notification_id)
    again = received(site)[1]
    assert (again["Message-ID"], parts(again)) == (first["Message-ID"], parts(first))


@pytest.mark.parametrize("lost", ["right", "account", "level", "follower", "address", "choice"])
def test_rights_and_wishes_count_when_the_mail_is_written(
    site: MailingSite, builder: RepositoryBuilder, lost: str
) -> None:
    push(site.application, "r", "bob", lambda: commit(builder))
    describe_push(site.application, last_entry(site.application).journal_entry_id)
    with writing(site.application) as services:
        ada, row = services.users.get("ada"), services.repositories.get("r")
        match lost:
            case "right":
                pass
            case "account":
                ada.active = False
            case "level":
                services.followers.set_level(ada.user_id, row.repository_id, Watch.MENTIONS)
            case "follower":
                services.followers.delete(ada.user_id, row.repository_id)
            case "address":
                ada.email = None
            case "choice":
                services.mail_choices.set_schedule(ada.user_id, MailSchedule.OFF)
    if lost == "right":
        site.grant("ada", Level.NONE, "r")
    assert received(site) == []


def test_mentions_reach_those_who_do_not_follow(site: MailingSite, builder: RepositoryBuilder) -> None:
    push(site.application, "r", "ada", lambda: commit(builder, b"For @bob and @nobody"))
    (message,) = received(site)
    assert message["To"] == "bob@example.org"
    assert "because you are mentioned" in parts(message)[0]


def test_who_may_not_read_is_sent_no_mention(site: MailingSite, builder: RepositoryBuilder) -> None:
    site.grant("bob", Level.NONE, "r")
    push(site.application, "r", "ada", lambda: commit(builder, b"For @bob"))
    assert received(site) == []


def test_the_language_is_that_of_the_receiver(site: MailingSite, builder: RepositoryBuilder) -> None:
    with writing(site.application) as services:
        services.users.get("ada").language = "de"
    push(site.application, "r", "bob", lambda: commit(builder))
    (message,) = received(site)
    assert "gepusht" in message["Subject"]
    text, html = parts(message)
    assert "gepusht" in text
    assert '<html lang="de">' in html


def test_one_click_ends_the_mails_of_one_repository(site: MailingSite, builder: RepositoryBuilder) -> None:
    push(site.application, "r", "bob", lambda: commit(builder))
    (message,) = received(site)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = message["List-Unsubscribe"].strip().strip("<>").removeprefix(ADDRESS)
    assert f"{ADDRESS}{address}" in parts(message)[0]
    stranger = site.browser()
    page = stranger.get(address)
    assert "End these mails?" in page.text
    # looking at it has ended nothing, nor has a program that looks before
    assert stranger.head(address).status_int == 200
    push(site.application, "r", "bob", lambda: commit(builder, content=b"2"))
    assert len(received(site)) == 2
    answer = stranger.post(address, {"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"})
    assert answer.status_int == 200
    assert "These mails have ended" in answer.text
    assert "r" not in [link.text for link in answer.html.select("main a")]
    push(site.application, "r", "bob", lambda: commit(builder, content=b"3"))
    assert len(received(site)) == 2
    wrong = address[:-1] + ("0" if address[-1] != "0" else "1")
    assert stranger.post(wrong, {"List-Unsubscribe": "One-Click"}, expect_errors=True).status_int == 404


def test_a_digest_tells_of_many_events_once(site: MailingSite, builder: RepositoryBuilder, clock: Clock) -> None:
    with writing(site.application) as services:
        ada = services.users.get("ada").user_id
        services.mail_choices.set_schedule(ada, MailSchedule.DAILY)
    hidden = site.repository("hidden", private=True)
    site.grant("ada", Level.READ, "hidden")
    with writing(site.application) as services:
        services.followers.ensure(ada, services.repositories.get("hidden").repository_id)
    for content in (b"1", b"2"):
        push(site.application, "r", "bob", lambda: commit(builder, content=content))  # noqa: B023
    push(site.application, "hidden", "bob", lambda: commit(hidden, b"A secret"))
    assert received(site) == []
    site.grant("ada", Level.NONE, "hidden")
    clock.pass_(86_400)
    with writing(site.application) as services:
        services.mail_choices.ask_for_digests()
    (message,) = received(site)
    assert message["Subject"].strip() == "2 events"
    text, _ = parts(message)
    assert text.count("bob pushed") == 2
    assert "hidden" not in text
    mail_digest(site.application, ada, 1_000_000)
    assert len(site.server.received) == 1
    address = message["List-Unsubscribe"].strip().strip("<>").removeprefix(ADDRESS)
    assert "about events" in site.browser().post(address, {}).text


def test_a_digest_says_how_many_it_leaves_out_and_nothing_of_what_was_muted(
    site: MailingSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notification_mails, "MOST_EVENTS", 2)
    with writing(site.application) as services:
        ada = services.users.get("ada").user_id
        services.mail_choices.set_schedule(ada, MailSchedule.DAILY)
    for path in ("loud", "muted", "mentioned", "left"):
        builder = site.repository(path)
        site.grant("ada", Level.READ, path)
        with writing(site.application) as services:
            services.followers.ensure(ada, services.repositories.get(path).repository_id)
        for number in range(3 if path == "loud" else 1):
            push(site.application, path, "bob", lambda: commit(builder, b"To @ada", b"%d" % number))  # noqa: B023
    assert received(site) == []
    with writing(site.application) as services:
        for path, level in (("muted", Watch.NOTHING), ("mentioned", Watch.MENTIONS)):
            services.followers.set_level(ada, services.repositories.get(path).repository_id, level)
        services.followers.delete(ada, services.repositories.get("left").repository_id)
    clock.pass_(86_400)
    with writing(site.application) as services:
        services.mail_choices.ask_for_digests()
    (message,) = received(site)
    assert message["Subject"].strip() == "5 events"
    for content in parts(message):
        assert "and 3 further events" in content
        assert f"{ADDRESS}/_admin/notifications" in content
        assert "muted" not in content


def test_a_site_that_does_not_know_its_address_sends_none(application: Application, clock: Clock) -> None:
    with mailing_site(application) as site:
        site.application.settings = dataclasses.replace(site.application.settings, canonical_url="")
        site.user("ada")
        with writing(site.application) as services:
            services.users.get("ada").email = "ada@example.org"
            services.mail_choices.end(Unsubscription(1, 1))
            services.users.create(COMMAND_LINE, name="bob")
        builder = site.repository("r")
        site.grant("ada", Level.READ, "r")
        with writing(site.application) as services:
            services.followers.ensure(services.users.get("ada").user_id, 1)
        push(site.application, "r", "bob", lambda: commit(builder))
        assert received(site) == []
