"""What a push is about to do, written before refs move and closed after."""

import datetime

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Id, Long, Name, Table
from kallithea.model.repository import Repository, RepositoryState


class PushIntent(Table):
    """Who is about to move which refs. ``updates`` is the JSON text of RefUpdates.

    Open while ``settled`` is NULL; then ``outcome`` is ``recorded`` by the process that pushed, ``reconciled`` by
    another one that found the refs moved, or ``nothing`` when they had not moved.
    """

    __tablename__ = "push_intents"

    push_intent_id: Mapped[Id]
    repository_id: Mapped[int] = mapped_column(ForeignKey("repositories.repository_id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="SET NULL"))
    user_name: Mapped[Name]
    way: Mapped[str] = mapped_column(String(20))
    address: Mapped[Name]
    updates: Mapped[Long]
    created: Mapped[datetime.datetime]
    settled: Mapped[datetime.datetime | None] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(20))


def open_intents(repository_id: int) -> Select[PushIntent]:
    """Intents of a repository that nobody has closed, oldest first."""
    return (
        select(PushIntent)
        .where(PushIntent.repository_id == repository_id, PushIntent.settled.is_(None))
        .order_by(PushIntent.push_intent_id)
    )


def recorded_page(after: int, limit: int) -> Select[int, str, str, str | None, datetime.datetime | None]:
    """Repositories by id: id, kind, folder, recorded fingerprint, and when the oldest open intent was announced."""
    oldest = (
        select(func.min(PushIntent.created))
        .where(PushIntent.repository_id == Repository.repository_id, PushIntent.settled.is_(None))
        .scalar_subquery()
    )
    return (
        select(Repository.repository_id, Repository.kind, Repository.folder, RepositoryState.fingerprint, oldest)
        .outerjoin(RepositoryState, RepositoryState.repository_id == Repository.repository_id)
        .where(Repository.repository_id > after)
        .order_by(Repository.repository_id)
        .limit(limit)
    )
