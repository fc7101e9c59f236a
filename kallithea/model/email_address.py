"""Further addresses of people, beside the one that mails go to."""

import datetime

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.names import name_key
from kallithea.model.meta import Id, Key, Name, Table
from kallithea.model.user import User


class EmailAddress(Table):
    """An address that its user has proved to read, at the time ``verified``. Others are in no table."""

    __tablename__ = "email_addresses"

    email_address_id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    email: Mapped[Name]
    email_key: Mapped[Key] = mapped_column(unique=True)
    verified: Mapped[datetime.datetime]


def user_by_email(email: str) -> Select[User]:
    """The user to whom the address belongs, as the first or a further one."""
    key = name_key(email)
    further = select(EmailAddress.user_id).where(EmailAddress.email_key == key)
    return select(User).where((User.email_key == key) | User.user_id.in_(further)).order_by(User.user_id).limit(1)
