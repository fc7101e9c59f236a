"""Mails that tell of events, in the language of whom they are for.

What a mail may say is decided when it is written: who has lost a right, or wants no mails any more, is sent nothing.
"""

import datetime
from dataclasses import dataclass
from urllib.parse import quote

from kallithea.core.access import Level
from kallithea.core.settings import Settings
from kallithea.core.watching import MailSchedule, Reason, Watch
from kallithea.core.words import Text, _, _n
from kallithea.i18n.languages import Language, Languages
from kallithea.mail.event_mail import EventMail, EventPart, render_html, render_text
from kallithea.mail.message import Mail
from kallithea.model.follower import Follower
from kallithea.model.journal import JournalEntry, journal_rows
from kallithea.model.notification import Notification
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.render.text import short_line, visible
from kallithea.services.again import again_while_away
from kallithea.services.application import Application
from kallithea.services.event_words import say_event
from kallithea.services.journal import JournalRow, make_row
from kallithea.services.journal_details import MovedRef, NamedCommit, parse_push
from kallithea.services.mail_choices import Unsubscription, make_link_text
from kallithea.services.mailing import host_of, send
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing

#: Events in one mail.
MOST_EVENTS = 100
_MOST_LINES = 20
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class _Receiver:
    user_id: int
    address: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a mail says, and what the link in it ends."""

    parts: tuple[EventPart, ...]
    why: Text
    subject: Text
    ended: Unsubscription
    message_id: str
    headers: dict[str, str]
    more: int = 0


def mail_notification(application: Application, notification_id: int) -> None:
    """Tell somebody of one event, once. What was sent but not noted is sent again, with the same Message-ID."""
    with reading(application) as services:
        mail, user_id = _write_one(services, application.settings, notification_id)
    if mail is not None:
        send(application, mail)
        again_while_away(_note, application, user_id, 0, notification_id)


def mail_digest(application: Application, user_id: int, until_id: int) -> None:
    """Tell somebody of all events up to a notification of theirs by one mail."""
    with reading(application) as services:
        mail = _write_many(services, application.settings, user_id, until_id)
    if mail is not None:
        send(application, mail)
    again_while_away(_note, application, user_id, until_id)


def _note(application: Application, user_id: int, until_id: int, notification_id: int | None = None) -> None:
    with writing(application) as services:
        services.notifications.note_mailed(user_id, until_id, notification_id)


def _write_one(services: Services, settings: Settings, notification_id: int) -> tuple[Mail | None, int]:
    row = services.session.get(Notification, notification_id)
    if row is None or row.mailed is not None:
        return None, 0
    receiver = _find_receiver(services, settings, row.user_id, {MailSchedule.AT_ONCE})
    event = _find_event(services, row) if receiver is not None else None
    if receiver is None or event is None:
        return None, 0
    repository_id = event[1]
    reason = Reason(row.reason)
    level = _find_level(services, row.user_id, repository_id)
    if level is Watch.NOTHING or (reason is Reason.WATCHING and level is not Watch.ALL):
        return None, 0
    # whoever is only mentioned follows nothing that could be ended
    ended = Unsubscription(row.user_id, repository_id if level is not None else None)
    part = _make_part(settings, event[0])
    subject = _("%(repository)s: %(what)s", repository=part.path, what=part.what)
    host = host_of(settings)
    thread = f"<repository-{repository_id}@{host}>"
    headers = {"In-Reply-To": thread, "References": thread, "List-Id": f"<repository-{repository_id}.{host}>"}
    message_id = f"event-{row.journal_entry_id}-{row.user_id}@{host}"
    letter = _Letter((part,), _WHY[reason], subject, ended, message_id, headers)
    return _make_mail(settings, receiver, letter), row.user_id


def _write_many(services: Services, settings: Settings, user_id: int, until_id: int) -> Mail | None:
    receiver = _find_receiver(services, settings, user_id, {MailSchedule.DAILY, MailSchedule.WEEKLY})
    if receiver is None:
        return None
    viewer = services.permissions.viewer_of_user(user_id)
    rows = services.notifications.list_unmailed(viewer, until_id, MOST_EVENTS)
    if not rows:
        return None
    parts = tuple(_make_part(settings, row.event) for row in rows)
    count = services.notifications.count_unmailed(viewer, until_id)
    subject = _n("%(count)s event", "%(count)s events", count)
    message_id = f"digest-{user_id}-{until_id}@{host_of(settings)}"
    ended = Unsubscription(user_id, None)
    return _make_mail(
        settings, receiver, _Letter(parts, _WHY_DIGEST, subject, ended, message_id, {}, count - len(parts))
    )


def _find_receiver(
    services: Services, settings: Settings, user_id: int, schedules: set[MailSchedule]
) -> _Receiver | None:
    """Who is to be sent something, None where they want none, or none can be sent."""
    user = services.session.get(User, user_id)
    if user is None or not user.active or not user.email or not settings.smtp_server or not settings.canonical_url:
        return None
    if services.mail_choices.get_schedule(user_id) not in schedules:
        return None
    languages = Languages()
    language = languages.find(user.language) if user.language else None
    return _Receiver(user_id, user.email, language or languages.find(settings.language) or languages.all[0])


def _find_event(services: Services, notification: Notification) -> tuple[JournalRow, int] | None:
    """The event and the id of its repository, if the receiver may read that at this moment."""
    found = services.session.execute(
        journal_rows()
        .add_columns(Repository)
        .where(JournalEntry.journal_entry_id == notification.journal_entry_id)
        .order_by(None)
    ).one_or_none()
    if found is None:
        return None
    *row, repository = found
    viewer = services.permissions.viewer_of_user(notification.user_id)
    if services.permissions.level(viewer, repository) < Level.READ:
        return None
    return make_row(*row), repository.repository_id


def _find_level(services: Services, user_id: int, repository_id: int) -> Watch | None:
    row = services.session.get(Follower, (user_id, repository_id))
    return Watch(row.level) if row is not None else None


def _make_mail(settings: Settings, receiver: _Receiver, letter: _Letter) -> Mail:
    base, catalog = settings.canonical_url, receiver.language.catalog
    unsubscribe = f"{base}/_unsubscribe/{make_link_text(settings.session_secret, letter.ended)}"
    page = EventMail(
        settings.title,
        letter.parts,
        letter.why,
        unsubscribe,
        f"{base}/_admin/my_account/notifications",
        letter.more,
        f"{base}/_admin/notifications",
    )
    return Mail(
        (receiver.address,),
        letter.subject.say(catalog),
        render_text(page, catalog),
        letter.message_id,
        html=render_html(page, catalog, receiver.language.tag),
        headers={
            **letter.headers,
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


_WHY = {
    Reason.WATCHING: _("You get this mail because you follow the repository."),
    Reason.MENTION: _("You get this mail because you are mentioned."),
}
_WHY_DIGEST = _("You get this mail because you chose to be told of events together.")


def _make_part(settings: Settings, row: JournalRow) -> EventPart:
    address = f"{settings.canonical_url}/{quote(row.path)}"
    when = row.at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    if row.action != "push":
        return EventPart(say_event(row), visible(row.path), address, when)
    push = parse_push(row.details)
    refs = [ref for ref in push.refs if ref.name != b"HEAD"]
    commits = push.commits[:_MOST_LINES]
    return EventPart(
        say_event(row),
        visible(row.path),
        address,
        when,
        tuple(_say_ref(settings, ref) for ref in refs[:_MOST_LINES]),
        max(len(refs) + push.more - _MOST_LINES, 0),
        tuple(_make_commit(address, commit) for commit in commits),
        max((push.count or 0) - len(commits), 0),
    )


def _say_ref(settings: Settings, ref: MovedRef) -> str:
    name = short_line(ref.short_name[1], settings.default_encoding)
    if ref.new is None:
        return _("%(ref)s (deleted)", ref=name)
    if ref.old is None:
        return _("%(ref)s (new)", ref=name)
    return f"{name} {ref.old[:_DIGITS]}…{ref.new[:_DIGITS]}"


def _make_commit(address: str, commit: NamedCommit) -> tuple[str, str, str, str]:
    link = f"{address}/changeset/{commit.commit_id}"
    return commit.commit_id[:_DIGITS], commit.subject, commit.author, link
