"""Wrong passwords, counted for each account and each network."""

import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Table


class SignInFailure(Table):
    """Failures since ``first``. ``subject`` is a digest of account or network: names that nobody has are not stored."""

    __tablename__ = "sign_in_failures"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]
    first: Mapped[datetime.datetime]
    last: Mapped[datetime.datetime] = mapped_column(index=True)
