"""Networks from which people have signed in."""

import datetime

from sqlalchemy import Executable, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Table
from kallithea.model.upsert import insert_or_change


class KnownNetwork(Table):
    """That somebody signed in to an account from a network, last when ``seen``; ``subject`` is a digest of both."""

    __tablename__ = "known_networks"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen: Mapped[datetime.datetime] = mapped_column(index=True)


def note_network(dialect: str, subject: str, now: datetime.datetime) -> Executable:
    """Remember the network, in a single statement: processes may do so at the same time."""
    return insert_or_change(dialect, KnownNetwork, {"subject": subject, "seen": now}, "subject", [("seen", now)])
