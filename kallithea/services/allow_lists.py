"""From which networks people may come: everybody, by a list of the site, and each account, by one of its own.

Both have to allow an address. Whoever writes a list in the browser cannot keep themselves out by it.
"""

import datetime

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.allow_lists import parse_networks, require_no_lock_out
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.model.setting import NETWORKS, Setting, locked_setting
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert
from kallithea.services.settings import SiteSettings
from kallithea.services.users import Users

_NAME = "networks"


class AllowLists:
    """Changes the lists. ``address`` is from where somebody does it, None for somebody on the server itself."""

    def __init__(
        self, session: Session, now: datetime.datetime, settings: SiteSettings, users: Users, audit: Audit
    ) -> None:
        self._session = session
        self._now = now
        self._settings = settings
        self._users = users
        self._audit = audit

    def mark_of_site(self) -> str:
        """What stands for the site's list as it is, for ``set_for_site``."""
        return mark_of({_NAME: self._settings.networks})

    def mark_of_user(self, user: User) -> str:
        """What stands for the account's list as it is, for ``set_for_user``."""
        return mark_of({_NAME: user.networks or ""})

    def set_for_site(self, actor: Actor, text: str, address: str | None = None, was: str | None = None) -> None:
        """Let the site answer these networks alone, none: all; if the list is what ``was`` is the mark of.

        Raises InvalidError, ChangedMeanwhileError.
        """
        networks = parse_networks(text)
        require_no_lock_out(networks, address)
        row = self._session.scalar(locked_setting(NETWORKS))
        if self._note(actor, "setting.set-networks", f"setting:{NETWORKS}", row.value if row else "", networks, was):
            if row is None:
                words = _("Somebody else has changed the settings meanwhile. Look again.")
                insert(self._session, Setting(name=NETWORKS, value=networks, changed=self._now), words)
            else:
                row.value, row.changed = networks, self._now

    def set_for_user(
        self, actor: Actor, user: User, text: str, address: str | None = None, was: str | None = None
    ) -> None:
        """Let the account be used from these networks alone, none: from all; if ``was`` is the mark of the list.

        Raises InvalidError, ChangedMeanwhileError.
        """
        networks = parse_networks(text)
        if actor.user_id == user.user_id:
            require_no_lock_out(networks, address)
        row = self._users.get_locked(user)
        if self._note(actor, "user.set-networks", f"user:{row.name}", row.networks or "", networks, was):
            row.networks = networks or None

    def _note(  # what an entry has, and the mark
        self, actor: Actor, action: str, target: str, before: str, after: str, was: str | None
    ) -> bool:
        """Whether something is to be changed, which then is in the audit log."""
        old, new = find_change({_NAME: before}, {_NAME: after}, was)
        if new:
            self._audit.add(actor, action, target, before=old, after=new)
        return bool(new)
