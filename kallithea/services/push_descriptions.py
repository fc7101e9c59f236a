"""Finds out what a push has brought, after it: neither the push nor a page waits for that."""

import contextlib
import pathlib
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.model.journal import JournalEntry
from kallithea.render.text import decode
from kallithea.services.application import Application
from kallithea.services.journal_details import PushDetails, describe, parse_push
from kallithea.services.notifications import find_mentioned
from kallithea.services.work import reading, writing
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import Arrived
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import Kind, VcsError

#: Commits whose messages are looked through for names.
MOST_READ = 100

#: Refs of which one push may make as many more as it likes; with more, what was there before is not looked through.
_MOST_OTHERS = 1_000


@dataclass(frozen=True, slots=True)
class _Ends:
    tips: frozenset[str]
    known: frozenset[str]


def describe_push(application: Application, journal_entry_id: int) -> None:
    """Add to the entry of a push how many commits it has brought, and the newest of them, and tell whom it concerns.

    Nothing happens where that is known, and where the repository was deleted. Running again does no harm.
    """
    try:
        with reading(application) as services:
            entry = services.session.get(JournalEntry, journal_entry_id)
            if entry is None or entry.repository_id is None or (push := parse_push(entry.details)).described:
                return
            row = services.repositories.get_by_id(entry.repository_id)
            folder = services.repositories.folder(row)
    except NotFoundError:
        return
    arrived = _read_arrived(Kind(row.kind), folder, application.vcs_options, push)
    with writing(application) as services:
        entry = services.session.get(JournalEntry, journal_entry_id, with_for_update=True)
        if entry is not None and not parse_push(entry.details).described:
            encodings = application.settings.default_encoding
            entry.details = describe(entry.details, arrived, encodings)
            messages = () if arrived is None else (decode(commit.message, encodings) for commit in arrived.newest)
            services.notifications.tell(entry, find_mentioned(messages))


def _read_arrived(kind: Kind, folder: pathlib.Path, options: VcsOptions, push: PushDetails) -> Arrived | None:
    """The commits that a push has brought, None where that cannot be found out."""
    with contextlib.suppress(VcsError), open_repository(kind, folder, options) as repository:
        ends = _find_ends(repository, push)
        return repository.arrived(ends.tips, ends.known, limit=MOST_READ)
    return None


def _find_ends(repository: Repository, push: PushDetails) -> _Ends:
    """What the refs were moved to, and what was there before: where a ref is new, all others that were not moved."""
    tips = {one for ref in push.refs for one in _ids(ref.new)}
    known = {one for ref in push.refs for one in _ids(ref.old)}
    if any(ref.old is None for ref in push.refs):
        moved = {ref.name for ref in push.refs}
        others = [value for name, value in repository.state().refs.items() if name not in moved]
        known |= {one for value in others[:_MOST_OTHERS] for one in _ids(value)}
    return _Ends(frozenset(tips), frozenset(known))


def _ids(value: str | None) -> list[str]:
    """The ids of a ref's value, of which a branch of Mercurial may have several; the last may have been cut."""
    return [] if value is None else [one for one in value.split(",") if not one.endswith("…") and ":" not in one]
