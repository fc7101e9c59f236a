"""Settings that administrators change while the site runs."""

import datetime
import enum

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError
from kallithea.core.words import _
from kallithea.model.setting import FALSE, NETWORKS, TRUE, VISITORS, Setting, locked_setting
from kallithea.services.audit import Audit
from kallithea.services.insertion import insert


class SiteSetting(enum.StrEnum):
    """Names of the settings. VISITORS, ``true`` or ``false``: whether the grants to visitors count.

    REGISTRATION: whether people make accounts for themselves; see ``Registration``. VOUCHED_ACCOUNTS: whether those
    count at once that are made for people whom a proxy vouches for; see ``Activation``.
    """

    VISITORS = VISITORS
    REGISTRATION = "registration"
    VOUCHED_ACCOUNTS = "vouched-accounts"


class Registration(enum.StrEnum):
    """Whether people make their own accounts: not at all, as soon as an administrator enables them, or at once."""

    OFF = "off"
    APPROVAL = "approval"
    AUTOMATIC = "automatic"


class Activation(enum.StrEnum):
    """When an account that nobody has made by hand counts: as soon as an administrator enables it, or at once."""

    APPROVAL = "approval"
    AUTOMATIC = "automatic"


_RIGHT_VALUES: dict[SiteSetting, tuple[str, ...]] = {
    SiteSetting.VISITORS: (TRUE, FALSE),
    SiteSetting.REGISTRATION: tuple(Registration),
    SiteSetting.VOUCHED_ACCOUNTS: tuple(Activation),
}

_DEFAULTS: dict[SiteSetting, str] = {
    SiteSetting.VISITORS: FALSE,
    SiteSetting.REGISTRATION: Registration.OFF,
    SiteSetting.VOUCHED_ACCOUNTS: Activation.AUTOMATIC,
}


class SiteSettings:
    """Reads and changes settings; what was never set has the default that is written here."""

    def __init__(self, session: Session, now: datetime.datetime, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._audit = audit

    @property
    def visitors(self) -> bool:
        """Whether people who are not signed in get what is granted to visitors. Off by default."""
        return self.get(SiteSetting.VISITORS) == TRUE

    @property
    def networks(self) -> str:
        """The networks from which people may come, as ``core.allow_lists`` has it; empty: from everywhere."""
        return self.get(NETWORKS)

    @property
    def registration(self) -> Registration:
        """Whether people make their own accounts. Off by default."""
        return Registration(self.get(SiteSetting.REGISTRATION, Registration.OFF))

    @property
    def vouched_accounts(self) -> Activation:
        """Whether accounts count at once that are made for people whom a proxy vouches for. They do by default."""
        return Activation(self.effective(SiteSetting.VOUCHED_ACCOUNTS))

    def get(self, name: str, default: str = "") -> str:
        """The setting's text, or the default where nobody has set it."""
        setting = self._session.get(Setting, name)
        return default if setting is None else setting.value

    def effective(self, name: SiteSetting) -> str:
        """The setting's text, its default where nobody has set it."""
        return self.get(name, _DEFAULTS[name])

    def replace_(self, actor: Actor, name: SiteSetting, before: str, after: str) -> None:
        """Change a setting if it still is what somebody saw. Raises ConflictError where it is not; else like ``set_``.

        A setting that was never set is compared as its default.
        """
        row = self._session.scalar(locked_setting(name))
        found = _DEFAULTS[name] if row is None else row.value
        words = _("Somebody else has changed the settings meanwhile. Look again.")
        if found != before:
            raise ConflictError(words)
        if found == after:
            return
        if row is None:
            # of two who set it for the first time, one is told
            insert(self._session, Setting(name=name, value=found, changed=self._now), words)
        self.set_(actor, name, after)

    def set_(self, actor: Actor, name: str, value: str) -> None:
        """Change a setting. Raises InvalidError for an unknown name and for a value that the setting cannot have."""
        right = _RIGHT_VALUES.get(SiteSetting(name)) if name in set(SiteSetting) else None
        if right is None:
            raise InvalidError(
                {
                    "name": _(
                        "there is no setting '%(name)s'; there are: %(names)s", name=name, names=", ".join(SiteSetting)
                    )
                }
            )
        if value not in right:
            raise InvalidError({"value": _("write one of %(values)s", values=", ".join(right))})
        self._store(actor, name, value)

    def _store(self, actor: Actor, name: str, value: str) -> None:
        before = self.get(name)
        self._session.merge(Setting(name=name, value=value, changed=self._now))
        self._audit.add(actor, "setting.set", f"setting:{name}", before={"value": before}, after={"value": value})
