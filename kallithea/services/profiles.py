"""What people say of themselves: their names, and the language and time zone of their pages."""

import functools
import zoneinfo

from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.core.names import parse_person_name
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _
from kallithea.i18n.languages import Languages
from kallithea.model.user import User
from kallithea.services.audit import Audit

#: Names of places begin with these; other names of zones are old ones, or fixed offsets.
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


class Profiles:
    """Changes what an account says of its owner."""

    def __init__(self, session: Session, audit: Audit) -> None:
        self._session = session
        self._audit = audit

    def mark(self, user: User) -> str:
        """What stands for the user's names as they are, for ``change_names``."""
        return mark_of(_names(user))

    def change_names(self, actor: Actor, user_id: int, first_name: str, last_name: str, was: str | None = None) -> None:
        """Give the user another first and last name, if they have those that ``was`` is the mark of.

        Raises InvalidError, NotFoundError, ChangedMeanwhileError.
        """
        after: dict[str, str] = {}
        problems: dict[str, str] = {}
        for field, name in (("first_name", first_name), ("last_name", last_name)):
            try:
                after[field] = parse_person_name(name, field)
            except InvalidError as problem:
                problems |= problem.problems
        if problems:
            raise InvalidError(problems)
        row = self._session.get(User, user_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise NotFoundError(_("This account is gone."))
        old, new = find_change(_names(row), after, was)
        if new:
            row.first_name, row.last_name = after["first_name"], after["last_name"]
            self._audit.add(actor, "user.update", f"user:{row.name}", before=old, after=new)

    def choose_language(self, user_id: int, language: str, time_zone: str) -> None:
        """Remember the language and the time zone for a user's pages; what is empty is left to the browser.

        Raises InvalidError, NotFoundError.
        """
        problems: dict[str, str] = {}
        if language and language not in Languages().tags:
            known = ", ".join(Languages().tags)
            problems["language"] = _("there is no catalog for this language; there are %(languages)s", languages=known)
        if time_zone and time_zone not in find_time_zones():
            problems["time_zone"] = _("there is no such time zone; write a name such as Europe/Paris")
        if problems:
            raise InvalidError(problems)
        user = self._session.get(User, user_id)
        if user is None:
            raise NotFoundError(_("This account is gone."))
        user.language, user.time_zone = language, time_zone


def _names(user: User) -> dict[str, str]:
    return {"first_name": user.first_name, "last_name": user.last_name}


@functools.cache
def find_time_zones() -> frozenset[str]:
    """The names of time zones that stand for a place or for UTC, such as ``Europe/Paris``."""
    return frozenset(name for name in zoneinfo.available_timezones() if name == "UTC" or name.startswith(_REGIONS))
