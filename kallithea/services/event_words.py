"""Events of the journal in words, for pages, feeds and mails."""

from collections.abc import Callable

from kallithea.core.actor import Way
from kallithea.core.words import Text, _, _n
from kallithea.render.text import visible
from kallithea.services.journal import JournalRow
from kallithea.services.journal_details import PushDetails, parse_changed, parse_push
from kallithea.vcs.types import Kind

# Messages that wait for who did it.
_CHANGES: dict[str, Callable[[str], Text]] = {
    "repository.create": lambda who: _("%(who)s made the repository", who=who),
    "repository.update": lambda who: _("%(who)s changed the settings", who=who),
    "repository.delete": lambda who: _("%(who)s deleted the repository", who=who),
    "repository.restore": lambda who: _("%(who)s brought the repository back", who=who),
}


def say_who(row: JournalRow) -> str:
    """Who did it."""
    return _("Somebody outside of this site") if row.way == Way.OUTSIDE else visible(row.user_name)


def say_event(row: JournalRow) -> str:
    """Who did what, in one sentence without where."""
    who = say_who(row)
    if row.action == "push":
        return _say_push(who, parse_push(row.details), row.kind)
    names = ", ".join(parse_changed(row.details)) if row.action == "repository.update" else ""
    if names:
        return _("%(who)s changed the settings: %(names)s", who=who, names=names)
    say = _CHANGES.get(row.action)
    return say(who) if say is not None else f"{who}: {row.action}"


def _say_push(who: str, push: PushDetails, kind: str) -> Text:
    moved = len(push.refs) + push.more
    if push.count and kind == Kind.HG:
        return _n("%(who)s pushed %(count)s changeset", "%(who)s pushed %(count)s changesets", push.count, who=who)
    if push.count:
        return _n("%(who)s pushed %(count)s commit", "%(who)s pushed %(count)s commits", push.count, who=who)
    if all(ref.new is None for ref in push.refs):
        return _n("%(who)s deleted %(count)s ref", "%(who)s deleted %(count)s refs", moved, who=who)
    if push.count == 0:
        return _n("%(who)s moved %(count)s ref", "%(who)s moved %(count)s refs", moved, who=who)
    return _("%(who)s pushed", who=who)
