"""Telling people of events: who is told, and what they have not read yet.

A notification gives no right. Whoever may not read a repository any more sees nothing of what was told of it.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.jobs import MailNotification
from kallithea.core.names import name_key
from kallithea.core.watching import MailSchedule, Reason, Watch
from kallithea.model.follower import Follower
from kallithea.model.journal import JournalEntry, journal_rows
from kallithea.model.notification import MailChoice, Notification
from kallithea.model.repository import Repository
from kallithea.model.user import User
from kallithea.render.links import find_people
from kallithea.services.journal import JournalRow, make_row
from kallithea.services.outbox import Outbox
from kallithea.services.permissions import Permissions

#: People whom one event may mention: of more, the first ones by their names.
MOST_MENTIONED = 50
#: As many unread ones are counted.
MOST_COUNTED = 100
# Ids in one statement.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """An event of which somebody is told."""

    notification_id: int
    reason: Reason
    unread: bool
    event: JournalRow


def find_mentioned(texts: Iterable[str]) -> frozenset[str]:
    """Keys of the names that stand behind an ``@`` in texts, whether somebody is called so or not.

    Whatever people write, such as messages and comments, mentions people by this.
    """
    names = {name_key(name) for text in texts for name in find_people(text)}
    return frozenset(sorted(names)[:MOST_MENTIONED])


class Notifications:
    """Stores whom events are told, and shows each of them what they may still read."""

    def __init__(self, session: Session, now: datetime.datetime, permissions: Permissions, outbox: Outbox) -> None:
        self._session = session
        self._now = now
        self._permissions = permissions
        self._outbox = outbox

    def tell(self, entry: JournalEntry, mentioned: Collection[str] = ()) -> None:
        """Tell of an event whoever watches its repository, and whom it mentions; not who did it.

        Mails are asked for in the same transaction, so that each is asked for once. To be called once for an entry.
        """
        reasons = self._find_receivers(entry, mentioned)
        for user_ids in _batches(sorted(reasons)):
            rows = [
                Notification(
                    user_id=user_id,
                    journal_entry_id=entry.journal_entry_id,
                    reason=reasons[user_id].value,
                    at=self._now,
                )
                for user_id in user_ids
            ]
            self._session.add_all(rows)
            self._session.flush()
            chosen = select(MailChoice.user_id).where(
                MailChoice.user_id.in_(user_ids), MailChoice.schedule != MailSchedule.AT_ONCE
            )
            later = set(self._session.scalars(chosen))
            self._outbox.add_all(MailNotification(row.notification_id) for row in rows if row.user_id not in later)

    def list_(
        self, viewer: Viewer, *, unread: bool = False, older_than: int | None = None, limit: int = 50
    ) -> tuple[NotificationRow, ...]:
        """What the viewer is told, newest first; ``older_than`` is an id, before which the list goes on."""
        rows = self._visible(viewer, journal_rows().add_columns(Notification).order_by(None))
        if unread:
            rows = rows.where(Notification.read.is_(None))
        if older_than is not None:
            rows = rows.where(Notification.notification_id < older_than)
        return self._rows(rows, limit)

    def list_unmailed(self, viewer: Viewer, until_id: int, limit: int) -> tuple[NotificationRow, ...]:
        """The newest of those up to ``until_id`` of which no mail has told, and of which the viewer wants to hear.

        That is as far as they may read them, and by what they follow at this moment.
        """
        rows = self._visible(viewer, journal_rows().add_columns(Notification).order_by(None))
        return self._rows(_unmailed(rows, until_id), limit)

    def count_unmailed(self, viewer: Viewer, until_id: int) -> int:
        """How many these are without a limit."""
        rows = self._visible(viewer, select(Notification.notification_id).select_from(JournalEntry).join(Repository))
        return self._session.scalar(select(func.count()).select_from(_unmailed(rows, until_id).subquery())) or 0

    def count_unread(self, viewer: Viewer) -> int:
        """How many the viewer has not read, at most MOST_COUNTED."""
        rows = self._visible(viewer, select(Notification.notification_id).select_from(JournalEntry).join(Repository))
        some = rows.where(Notification.read.is_(None)).limit(MOST_COUNTED).subquery()
        return self._session.scalar(select(func.count()).select_from(some)) or 0

    def mark_read(self, user_id: int, notification_id: int | None = None) -> None:
        """Mark one of the user's own as read, or all of them."""
        own = [Notification.user_id == user_id, Notification.read.is_(None)]
        if notification_id is not None:
            own.append(Notification.notification_id == notification_id)
        self._session.execute(update(Notification).where(*own).values(read=self._now))

    def note_mailed(self, user_id: int, until_id: int, notification_id: int | None = None) -> None:
        """Remember that a mail has told of one of the user's own, or of all up to ``until_id``."""
        own = [Notification.user_id == user_id, Notification.mailed.is_(None)]
        if notification_id is not None:
            own.append(Notification.notification_id == notification_id)
        else:
            own.append(Notification.notification_id <= until_id)
        self._session.execute(update(Notification).where(*own).values(mailed=self._now))

    def _rows(self, rows: Select[*tuple[Any, ...]], limit: int) -> tuple[NotificationRow, ...]:
        found = self._session.execute(rows.order_by(Notification.notification_id.desc()).limit(limit))
        return tuple(
            NotificationRow(one.notification_id, Reason(one.reason), one.read is None, make_row(*row))
            for *row, one in found
        )

    def _visible(self, viewer: Viewer, rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        joined = rows.join(Notification, Notification.journal_entry_id == JournalEntry.journal_entry_id)
        return joined.where(Notification.user_id == viewer.user_id, self._permissions.readable(viewer))

    def _find_receivers(self, entry: JournalEntry, mentioned: Collection[str]) -> dict[int, Reason]:
        watching = select(Follower.user_id, Follower.level).where(Follower.repository_id == entry.repository_id)
        levels = dict(self._session.execute(watching).all())
        found = {user_id: Reason.WATCHING for user_id, level in levels.items() if level == Watch.ALL}
        if mentioned:
            keys = sorted(mentioned)
            for user_id in self._session.scalars(select(User.user_id).where(User.name_key.in_(keys))):
                if levels.get(user_id) != Watch.NOTHING:
                    found[user_id] = Reason.MENTION
        if entry.user_id is not None:
            found.pop(entry.user_id, None)
        return found


def _unmailed(rows: Select[*tuple[Any, ...]], until_id: int) -> Select[*tuple[Any, ...]]:
    follows = and_(Follower.user_id == Notification.user_id, Follower.repository_id == JournalEntry.repository_id)
    return rows.outerjoin(Follower, follows).where(
        Notification.mailed.is_(None),
        Notification.notification_id <= until_id,
        or_(
            Follower.level == Watch.ALL,
            and_(
                Notification.reason != Reason.WATCHING,
                or_(Follower.level.is_(None), Follower.level != Watch.NOTHING),
            ),
        ),
    )


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))
