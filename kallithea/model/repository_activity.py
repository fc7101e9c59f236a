"""How many commits repositories got lately, for lists of many of them."""

import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Name, Table


class RepositoryActivity(Table):
    """Commits by week, up to ``commit_id``. ``weeks`` are numbers with blanks between them, the oldest week first.

    Weeks begin on Monday in UTC; the last one begins on ``monday``.
    """

    __tablename__ = "repository_activities"

    repository_id: Mapped[int] = mapped_column(
        ForeignKey("repositories.repository_id", ondelete="CASCADE"), primary_key=True
    )
    commit_id: Mapped[str] = mapped_column(String(64))
    monday: Mapped[datetime.date]
    weeks: Mapped[Name]
