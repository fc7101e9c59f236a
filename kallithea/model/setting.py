"""Settings that administrators change while the site runs."""

import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Long, Table


class Setting(Table):
    """One setting as text; ``services.settings`` gives it a type."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Long]
    changed: Mapped[datetime.datetime]
