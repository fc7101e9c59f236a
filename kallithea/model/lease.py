"""Leases: which process is the one owner of periodic work, by the database's clock."""

import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Table


class Lease(Table):
    """Held by ``owner`` until ``expires``. ``fence`` grows at each change of owner, so that a late one is recognised.

    ``renewed`` is when the periodic work was last done.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    fence: Mapped[int] = mapped_column(BigInteger)
    expires: Mapped[datetime.datetime]
    renewed: Mapped[datetime.datetime | None]
