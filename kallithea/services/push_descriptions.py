"""Finds out what a push has brought, after it: neither the push nor a page waits for that."""

import datetime
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kallithea.core.actor import Actor, Way
from kallithea.core.errors import NotFoundError
from kallithea.model.journal import JournalEntry
from kallithea.render.text import decode
from kallithea.services.application import Application
from kallithea.services.journal_details import PendingPush, describe, parse_pending, parse_push
from kallithea.services.notifications import find_mentioned
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import Arrived
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import BusyError, Kind, LimitExceededError, RefUpdate, TooLargeError, VcsError

#: Commits whose messages are looked through for names.
MOST_READ = 100

#: Refs of which one push may make as many more as it likes; with more, what was there before is not looked through.
_MOST_OTHERS = 1_000
#: Refs of a push that are looked at for whether they were moved by force, each by a process.
_MOST_LOOKED_AT = 2_000
#: So long after a push a limit that is met is taken for one that will be met whenever it is tried.
_PATIENCE = datetime.timedelta(minutes=10)
_TAGS = b"refs/tags/"


@dataclass(frozen=True, slots=True)
class _Ends:
    tips: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """The commits that a push has brought, None where that cannot be found out; refs moved by force, or perhaps so."""

    arrived: Arrived | None = None
    forced: Sequence[RefUpdate] = ()
    unseen: Sequence[RefUpdate] = ()


def describe_push(application: Application, journal_entry_id: int, *, check: Callable[[], None] = lambda: None) -> None:
    """Add to the entry of a push how many commits it has brought, and the newest of them, and tell whom it concerns.

    What it moved by force is noted in the audit log, and so is what was moved and cannot be judged, or is too much for
    that. Nothing happens where all this is known, and where the repository was deleted. Running again does no harm.

    ``check`` is called between refs, and may raise. Raises BusyError, and LimitExceededError while that may pass.
    """
    try:
        with reading(application) as services:
            entry = services.session.get(JournalEntry, journal_entry_id)
            if entry is None or entry.repository_id is None or parse_push(entry.details).described:
                return
            push = parse_pending(entry.details)
            row = services.repositories.get_by_id(entry.repository_id)
            folder = services.repositories.folder(row)
    except NotFoundError:
        return
    try:
        found = _read_repository(Kind(row.kind), folder, application.vcs_options, push, check)
    except BusyError:
        raise
    except LimitExceededError as problem:
        if not isinstance(problem, TooLargeError) and application.clock() < entry.at + _PATIENCE:
            raise
        found = _Found(unseen=_moved(push))
    except VcsError:
        found = _Found(unseen=_moved(push))
    with writing(application) as services:
        entry = services.session.get(JournalEntry, journal_entry_id, with_for_update=True)
        if entry is not None and not parse_push(entry.details).described:
            encodings = application.settings.default_encoding
            entry.details = describe(entry.details, found.arrived, encodings)
            newest = () if found.arrived is None else found.arrived.newest
            messages = (decode(commit.message, encodings) for commit in newest)
            services.notifications.tell(entry, find_mentioned(messages))
            actor = Actor(entry.user_id, entry.user_name, Way(entry.way), push.address)
            services.audit.add_refs(actor, "repository.force-push", entry.repository_path, found.forced)
            services.audit.add_refs(actor, "repository.move-refs", entry.repository_path, found.unseen)


def _read_repository(
    kind: Kind, folder: pathlib.Path, options: VcsOptions, push: PendingPush, check: Callable[[], None]
) -> _Found:
    moved = _moved(push)
    forced = []
    with open_repository(kind, folder, options) as repository:
        ends = _find_ends(repository, push)
        arrived = repository.arrived(ends.tips, ends.known, limit=MOST_READ)
        for update in moved[:_MOST_LOOKED_AT]:
            check()
            if _is_forced(repository, update):
                forced.append(update)
    return _Found(arrived, forced, moved[_MOST_LOOKED_AT:])


def _moved(push: PendingPush) -> list[RefUpdate]:
    return [update for update in push.updates if update.old is not None and update.new is not None]


def _is_forced(repository: Repository, update: RefUpdate) -> bool:
    """Whether commits have gone from a ref, or a tag was moved."""
    if update.name.startswith(_TAGS):
        return True
    return repository.arrived(_ids(update.old), _ids(update.new), limit=0).count > 0


def _find_ends(repository: Repository, push: PendingPush) -> _Ends:
    """What the refs were moved to, and what was there before: where a ref is new, all others that were not moved."""
    tips = {one for ref in push.updates for one in _ids(ref.new)}
    known = {one for ref in push.updates for one in _ids(ref.old)}
    if any(ref.old is None for ref in push.updates):
        moved = {ref.name for ref in push.updates}
        others = [value for name, value in repository.state().refs.items() if name not in moved]
        known |= {one for value in others[:_MOST_OTHERS] for one in _ids(value)}
    return _Ends(frozenset(tips), frozenset(known))


def _ids(value: str | None) -> list[str]:
    """The ids of a ref's value, of which a branch of Mercurial may have several."""
    return [] if value is None else [one for one in value.split(",") if ":" not in one]
