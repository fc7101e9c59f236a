"""Addresses that belong to accounts: the first, which mails go to, and further ones. All of them are proved."""

import datetime
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, NotFoundError
from kallithea.core.names import name_key
from kallithea.core.words import _
from kallithea.model.email_address import EmailAddress, user_by_email
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert, unique

_TAKEN = _("This address belongs to another account.")


class EmailAddresses:
    """Finds, adds and removes addresses. Whoever adds one has proved that it is read: see ``MailLinks``."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

    def find_user(self, email: str) -> User | None:
        """Whose address this is, in whatever case; None where it is nobody's."""
        return self._session.scalar(user_by_email(email))

    def find_stored(self, email: str) -> str | None:
        """The address as its owner has proved it. What only folds to the same key may be somebody else's mailbox.

        Takes the same statements whoever has it, and if nobody does.
        """
        key = name_key(email)
        further = self._session.scalar(select(EmailAddress.email).where(EmailAddress.email_key == key))
        first = self._session.scalar(select(User.email).where(User.email_key == key))
        return further or first

    def list_(self, user: User) -> Sequence[EmailAddress]:
        """The further addresses of a user, in the order in which they were added."""
        mine = select(EmailAddress).where(EmailAddress.user_id == user.user_id)
        return self._session.scalars(mine.order_by(EmailAddress.email_address_id)).all()

    def add(self, actor: Actor, user: User, email: str) -> None:
        """Let the address belong to the user; as the first where they have none. Raises ConflictError."""
        owner = self.find_user(email)
        if owner is not None and owner.user_id != user.user_id:
            raise ConflictError(_TAKEN)
        if owner is not None:
            return
        if user.email is None:
            with unique(self._session, _TAKEN):
                user.email, user.email_key = email, name_key(email)
        else:
            row = EmailAddress(user_id=user.user_id, email=email, email_key=name_key(email), verified=self._now)
            insert(self._session, row, _TAKEN)
        self._audit.add(actor, "user.add-email", f"user:{user.name}", after={"email": email})

    def make_first(self, actor: Actor, user: User, email_address_id: int) -> None:
        """Let mails go to this one of the user's addresses; the one before stays theirs. Raises NotFoundError."""
        row = self._get(user, email_address_id)
        before, chosen = user.email, row.email
        with unique(self._session, _TAKEN):
            if before is None:
                self._session.delete(row)
            else:
                row.email, row.email_key = before, name_key(before)
            user.email, user.email_key = chosen, name_key(chosen)
        self._audit.add(actor, "user.update", f"user:{user.name}", before={"email": before}, after={"email": chosen})

    def delete(self, actor: Actor, user: User, email_address_id: int) -> None:
        """Take one of the further addresses away from the user. Raises NotFoundError."""
        row = self._get(user, email_address_id)
        self._session.delete(row)
        self._audit.add(actor, "user.delete-email", f"user:{user.name}", before={"email": row.email})

    def _get(self, user: User, email_address_id: int) -> EmailAddress:
        row = self._session.get(EmailAddress, email_address_id)
        if row is None or row.user_id != user.user_id:
            raise NotFoundError(_("This account has no such address."))
        return row
