"""Which files of commits and comparisons people have viewed."""

import datetime

from sqlalchemy import ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import TABLE_OPTIONS, Table


class ViewedFile(Table):
    """That a user has viewed what a commit changed in a file; ``file_code`` is from ``core.file_codes``.

    For a comparison ``commit_id`` is the ``pair_code`` of its two sides.
    """

    __tablename__ = "viewed_files"
    __table_args__ = (Index("ix_viewed_files_oldest", "user_id", "seen"), TABLE_OPTIONS)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), primary_key=True)
    repository_id: Mapped[int] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), primary_key=True, index=True
    )
    commit_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_code: Mapped[str] = mapped_column(String(32), primary_key=True)
    seen: Mapped[datetime.datetime] = mapped_column(index=True)


def viewed_codes(user_id: int, repository_id: int, commit_id: str) -> Select[str]:
    """The codes of the files of a commit that the user has viewed."""
    return select(ViewedFile.file_code).where(
        ViewedFile.user_id == user_id, ViewedFile.repository_id == repository_id, ViewedFile.commit_id == commit_id
    )
