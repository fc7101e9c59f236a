"""Wrong passwords, counted for each account, each network, and each account with each address."""

import datetime

from sqlalchemy import Executable, String, case, literal
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Table, UtcDateTime
from kallithea.model.upsert import insert_or_change


class SignInFailure(Table):
    """Failures since ``first``. ``subject`` is a digest of what is counted: names that nobody has are not stored."""

    __tablename__ = "sign_in_failures"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]
    first: Mapped[datetime.datetime]
    last: Mapped[datetime.datetime] = mapped_column(index=True)


def count_failure(dialect: str, subject: str, now: datetime.datetime, forget_before: datetime.datetime) -> Executable:
    """Count one more failure in a single statement, so that none of several processes is lost.

    Counting begins anew where the last failure lies before ``forget_before``.
    """
    values = {"subject": subject, "count": 1, "first": now, "last": now}
    forgotten = SignInFailure.last < forget_before
    # in this order: MariaDB sees in each assignment what the ones before it have assigned
    changes = [
        ("count", case((forgotten, 1), else_=SignInFailure.count + 1)),
        ("first", case((forgotten, literal(now, UtcDateTime())), else_=SignInFailure.first)),
        ("last", now),
    ]
    return insert_or_change(dialect, SignInFailure, values, "subject", changes)
