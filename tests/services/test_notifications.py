"""Who is told of what, and what of it they may see; on every engine."""

import datetime

import pytest
from sqlalchemy import select

from kallithea.core.access import Level, Subject, SubjectKind
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.jobs import MailDigest, MailNotification
from kallithea.core.watching import MailSchedule, Reason, Watch
from kallithea.model.journal import JournalEntry
from kallithea.model.notification import Notification
from kallithea.services.application import Application
from kallithea.services.clean_up import clean_up
from kallithea.services.mail_choices import Unsubscription, make_link_text
from kallithea.services.notifications import MOST_MENTIONED, find_mentioned
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from tests.applications import Clock
from tests.factories.people import Factory
from tests.services.test_outbox import stored_jobs
from tests.statements import counted

PEOPLE = ("ada", "bob", "cyd", "eve")


@pytest.fixture
def application(every_application: Application, clock: Clock) -> Application:
    """A repository that all but eve may read: ada watches it, bob is told what concerns him, cyd nothing, eve all."""
    every_application.clock = clock
    people = Factory(every_application)
    users = {name: people.user(name) for name in PEOPLE}
    people.repository("r")
    with writing(every_application) as services:
        row = services.repositories.get("r")
        for name, level in zip(PEOPLE, (Watch.ALL, Watch.MENTIONS, Watch.NOTHING, Watch.ALL), strict=True):
            services.followers.ensure(users[name].user_id, row.repository_id)
            services.followers.set_level(users[name].user_id, row.repository_id, level)
            if name != "eve":
                grant(services, name, Level.READ)
    return every_application


def grant(services: Services, name: str, level: Level | None) -> None:
    subject = Subject(SubjectKind.USER, services.users.get(name).user_id)
    services.permissions.set_(COMMAND_LINE, services.repositories.get("r"), subject, level)


def tell(application: Application, actor: str | None = None, *mentioned: str) -> int:
    with writing(application) as services:
        user_id = services.users.get(actor).user_id if actor else None
        who = Actor(user_id, actor or "outside", Way.HTTP)
        entry_id = services.journal.add(who, "push", services.repositories.get("r"), {"refs": []})
        services.notifications.tell(services.session.get_one(JournalEntry, entry_id), find_mentioned(mentioned))
    return entry_id


def told(application: Application) -> dict[str, Reason]:
    with reading(application) as services:
        rows = services.session.scalars(select(Notification).order_by(Notification.notification_id)).all()
        names = {services.users.get(name).user_id: name for name in PEOPLE}
    return {names[row.user_id]: Reason(row.reason) for row in rows}


def seen(application: Application, name: str, *, unread: bool = False) -> list[tuple[str, bool]]:
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get(name))
        rows = services.notifications.list_(viewer, unread=unread)
        assert services.notifications.count_unread(viewer) == sum(row.unread for row in rows)
    return [(row.event.path, row.unread) for row in rows]


def test_levels(application: Application) -> None:
    tell(application)
    assert told(application) == {"ada": Reason.WATCHING, "eve": Reason.WATCHING}


def test_mentions(application: Application) -> None:
    tell(application, None, "thanks @BOB, @cyd and @ada; mail x@eve.example")
    assert told(application) == {"ada": Reason.MENTION, "bob": Reason.MENTION, "eve": Reason.WATCHING}


def test_nobody_is_told_of_their_own_deeds(application: Application) -> None:
    tell(application, "ada", "@ada @bob")
    assert told(application) == {"bob": Reason.MENTION, "eve": Reason.WATCHING}


def test_mentions_are_bounded() -> None:
    assert find_mentioned(["@Ada. (@b-c) @d@e a@f"]) == {"ada", "b-c", "d"}
    assert len(find_mentioned([" ".join(f"@p{number}" for number in range(500))])) <= MOST_MENTIONED
    assert find_mentioned(["@" * 100_000, "@a" * 50_000]) <= {"a"}


def test_what_may_not_be_read_is_absent_as_long_as_that_holds(application: Application) -> None:
    tell(application)
    assert (seen(application, "ada"), seen(application, "eve")) == ([("r", True)], [])
    with writing(application) as services:
        grant(services, "ada", None)
        grant(services, "eve", Level.READ)
    assert (seen(application, "ada"), seen(application, "eve")) == ([], [("r", True)])


def test_read_ones_are_read(application: Application) -> None:
    for _ in range(3):
        tell(application)
    with writing(application) as services:
        ada = services.users.get("ada").user_id
        newest = services.notifications.list_(services.permissions.viewer_of_user(ada))[0]
        # of somebody else
        services.notifications.mark_read(services.users.get("bob").user_id, newest.notification_id)
    assert len(seen(application, "ada", unread=True)) == 3
    with writing(application) as services:
        services.notifications.mark_read(ada, newest.notification_id)
    assert [unread for _, unread in seen(application, "ada")] == [False, True, True]
    with writing(application) as services:
        services.notifications.mark_read(ada)
    assert seen(application, "ada", unread=True) == []
    assert len(seen(application, "ada")) == 3


def test_one_statement_for_a_list_and_one_for_the_number(application: Application) -> None:
    for _ in range(3):
        tell(application)
    with reading(application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        services.permissions.tree(viewer)
        with counted(application.engine) as statements:
            services.notifications.list_(viewer)
            services.notifications.count_unread(viewer)
    assert len(statements) == 2


def test_mails_are_asked_for_once_and_for_those_who_want_them_at_once(application: Application) -> None:
    with writing(application) as services:
        services.mail_choices.set_schedule(services.users.get("eve").user_id, MailSchedule.DAILY)
    tell(application)
    assert len(stored_jobs(application, MailNotification)) == 1


def test_digests_come_when_their_time_has_come(application: Application, clock: Clock) -> None:
    with writing(application) as services:
        ids = {name: services.users.get(name).user_id for name in ("ada", "bob", "eve")}
        for name, schedule in (("ada", MailSchedule.DAILY), ("bob", MailSchedule.OFF), ("eve", MailSchedule.WEEKLY)):
            services.mail_choices.set_schedule(ids[name], schedule)
        with pytest.raises(InvalidError):
            services.mail_choices.set_schedule(ids["ada"], "often")

    def asked() -> list[int]:
        with writing(application) as services:
            services.mail_choices.ask_for_digests()
        return [job.arguments.count(f'"user_id": {ids["ada"]}') for job in stored_jobs(application, MailDigest)]

    tell(application, None, "@bob")
    clock.pass_(23 * 3600)
    assert asked() == []
    clock.pass_(3600)
    assert asked() == [1]
    assert asked() == [1]
    clock.pass_(6 * 86_400)
    with writing(application) as services:
        services.notifications.note_mailed(ids["ada"], 1_000_000)
    assert sorted(asked()) == [0, 1]


def test_links_that_end_mails(application: Application) -> None:
    secret = application.settings.session_secret
    with writing(application) as services:
        ada, row = services.users.get("ada").user_id, services.repositories.get("r")
        choices = services.mail_choices
        of_repository = make_link_text(secret, Unsubscription(ada, row.repository_id))
        whole = make_link_text(secret, Unsubscription(ada, None))
        for text in ("", "1", "1-1", "1-1-x", "1-1-1-1", of_repository[:-1], f"{of_repository}0", "é-1-x", "٣-1-x"):
            with pytest.raises(NotFoundError):
                choices.parse_link(text)
        with pytest.raises(NotFoundError):
            choices.parse_link(whole.replace(f"{ada}-0-", f"{ada}-{row.repository_id}-", 1))
        for _ in range(2):
            choices.end(choices.parse_link(of_repository))
        assert services.followers.levels(ada, [row.repository_id]) == {row.repository_id: Watch.NOTHING}
        assert choices.get_schedule(ada) is MailSchedule.AT_ONCE
        choices.end(choices.parse_link(whole))
        assert choices.get_schedule(ada) is MailSchedule.OFF
        choices.end(Unsubscription(4711, None))
        choices.end(Unsubscription(ada, 4711))


def test_levels_are_of_those_who_follow(application: Application) -> None:
    with writing(application) as services:
        row, ada = services.repositories.get("r"), services.users.get("ada").user_id
        with pytest.raises(InvalidError):
            services.followers.set_level(ada, row.repository_id, "some")
        services.followers.delete(ada, row.repository_id)
        with pytest.raises(NotFoundError):
            services.followers.set_level(ada, row.repository_id, Watch.ALL)


def test_old_ones_are_deleted(application: Application, clock: Clock) -> None:
    tell(application)
    clock.now += datetime.timedelta(days=170)
    tell(application)
    clock.now += datetime.timedelta(days=11)
    clean_up(application)
    assert len(seen(application, "ada")) == 1
