"""Links in mails: whoever opens one reads the address that it was sent to."""

import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.model.meta import Id, Key, Long, Name, Table


class MailLink(Table):
    """A link that was asked for. Its secret part is made from ``nonce`` and a secret of the .ini: see the service.

    ``stamp`` is the version of the user's password at that time. ``details`` is JSON text, ``language`` the tag of
    the mail's, ``network`` where it was asked for.
    """

    __tablename__ = "mail_links"

    mail_link_id: Mapped[Id]
    purpose: Mapped[str] = mapped_column(String(20))
    nonce: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.user_id", ondelete="CASCADE"), index=True)
    email: Mapped[Name]
    email_key: Mapped[Key] = mapped_column(index=True)
    stamp: Mapped[int] = mapped_column(default=0)
    details: Mapped[Long] = mapped_column(default="")
    language: Mapped[Name]
    network: Mapped[Name] = mapped_column(index=True)
    created: Mapped[datetime.datetime]
    expires: Mapped[datetime.datetime] = mapped_column(index=True)
