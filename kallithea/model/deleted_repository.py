"""Repositories that were deleted and can still come back."""

import datetime

from sqlalchemy import Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Long, Name, Table


class DeletedRepository(Table):
    """What is kept of a repository while its files lie in the trash; nothing else in the database knows of it.

    ``folder`` is where its files lay, relative to the repository folder, ``trash`` the name that they have in the
    trash. ``record`` is JSON of its settings and of what spoke of it: see ``services.repository_records``.
    """

    __tablename__ = "deleted_repositories"

    # the id of the repository, which it has again when it comes back
    repository_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(10))
    folder: Mapped[str] = mapped_column(String(500))
    trash: Mapped[Name]
    deleted: Mapped[datetime.datetime] = mapped_column(index=True)
    deleted_by: Mapped[Name]
    record: Mapped[Long]


def deleted_repositories(since: datetime.datetime) -> Select[DeletedRepository]:
    """Those that were deleted after a time, the last one first."""
    return (
        select(DeletedRepository)
        .where(DeletedRepository.deleted > since)
        .order_by(DeletedRepository.deleted.desc(), DeletedRepository.repository_id.desc())
    )


def folder_left(folder: str, since: datetime.datetime) -> Select[int]:
    """Ids of those that were deleted after a time and lay in this folder."""
    return select(DeletedRepository.repository_id).where(
        DeletedRepository.folder == folder, DeletedRepository.deleted > since
    )
