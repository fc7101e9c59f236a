"""Commits of repositories by week, author and language."""

import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Long, Name, Table


class RepositoryStatistics(Table):
    """What was counted up to ``commit_id``, as ``services.commit_counts`` writes it down.

    Where counting has failed, ``counts`` are empty and ``problem`` is the packed text that says why.
    """

    __tablename__ = "repository_statistics"

    repository_id: Mapped[int] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), primary_key=True
    )
    commit_id: Mapped[str] = mapped_column(String(64))
    counted: Mapped[datetime.datetime]
    problem: Mapped[Name]
    counts: Mapped[Long]
