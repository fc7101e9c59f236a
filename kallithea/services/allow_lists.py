"""From which networks people may come: everybody, by a list of the site, and each account, by one of its own.

Both have to allow an address. Whoever writes a list in the browser cannot keep themselves out by it.
"""

import datetime

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.allow_lists import parse_networks, require_no_lock_out
from kallithea.model.setting import NETWORKS, Setting
from kallithea.model.user import User
from kallithea.services.audit import Audit
from kallithea.services.settings import SiteSettings
from kallithea.services.users import Users


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

    def set_for_site(self, actor: Actor, text: str, address: str | None = None) -> None:
        """Let the site answer these networks alone; none: all. Raises InvalidError."""
        networks = parse_networks(text)
        require_no_lock_out(networks, address)
        before = self._settings.networks
        self._session.merge(Setting(name=NETWORKS, value=networks, changed=self._now))
        self._note(actor, "setting.set-networks", f"setting:{NETWORKS}", before, networks)

    def set_for_user(self, actor: Actor, user: User, text: str, address: str | None = None) -> None:
        """Let the account be used from these networks alone; none: from all. Raises InvalidError."""
        networks = parse_networks(text)
        if actor.user_id == user.user_id:
            require_no_lock_out(networks, address)
        row = self._users.get_locked(user)
        before = row.networks or ""
        row.networks = networks or None
        self._note(actor, "user.set-networks", f"user:{row.name}", before, networks)

    def _note(self, actor: Actor, action: str, target: str, before: str, after: str) -> None:
        if before != after:
            self._audit.add(actor, action, target, before={"networks": before}, after={"networks": after})
