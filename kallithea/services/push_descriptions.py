"""Finds out what a push has brought, after it: neither the push nor a page waits for that."""

import contextlib
import pathlib
from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.actor import Actor, Way
from kallithea.core.errors import NotFoundError
from kallithea.core.escapes import escape_bytes
from kallithea.model.journal import JournalEntry
from kallithea.render.text import decode
from kallithea.services.application import Application
from kallithea.services.audit import Audit
from kallithea.services.journal_details import MovedRef, PushDetails, describe, parse_push
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
#: Refs of a push that are looked at for whether they were moved by force.
_MOST_LOOKED_AT = 50
_TAGS = b"refs/tags/"


@dataclass(frozen=True, slots=True)
class _Ends:
    tips: frozenset[str]
    known: frozenset[str]


def describe_push(application: Application, journal_entry_id: int) -> None:
    """Add to the entry of a push how many commits it has brought, and the newest of them, and tell whom it concerns.

    What it moved by force is noted in the audit log. Nothing happens where that is known, and where the repository was
    deleted. Running again does no harm.
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
    arrived, forced = _read_repository(Kind(row.kind), folder, application.vcs_options, push)
    with writing(application) as services:
        entry = services.session.get(JournalEntry, journal_entry_id, with_for_update=True)
        if entry is not None and not parse_push(entry.details).described:
            encodings = application.settings.default_encoding
            entry.details = describe(entry.details, arrived, encodings)
            messages = () if arrived is None else (decode(commit.message, encodings) for commit in arrived.newest)
            services.notifications.tell(entry, find_mentioned(messages))
            if forced:
                _note_forced(services.audit, entry, forced)


def _read_repository(
    kind: Kind, folder: pathlib.Path, options: VcsOptions, push: PushDetails
) -> tuple[Arrived | None, Sequence[MovedRef]]:
    """The commits that a push has brought, None where that cannot be found out, and what it moved by force."""
    with contextlib.suppress(VcsError), open_repository(kind, folder, options) as repository:
        ends = _find_ends(repository, push)
        arrived = repository.arrived(ends.tips, ends.known, limit=MOST_READ)
        return arrived, _find_forced(repository, push)
    return None, ()


def _find_forced(repository: Repository, push: PushDetails) -> list[MovedRef]:
    """The refs from which commits have gone, and tags that were moved; of a push of very many refs, some are seen."""
    moved = [ref for ref in push.refs if ref.old is not None and ref.new is not None][:_MOST_LOOKED_AT]
    return [ref for ref in moved if ref.name.startswith(_TAGS) or _has_lost(repository, ref)]


def _has_lost(repository: Repository, ref: MovedRef) -> bool:
    return repository.arrived(_ids(ref.old), _ids(ref.new), limit=0).count > 0


def _note_forced(audit: Audit, entry: JournalEntry, forced: Sequence[MovedRef]) -> None:
    actor = Actor(entry.user_id, entry.user_name, Way(entry.way))
    before = {escape_bytes(ref.name): ref.old for ref in forced}
    after = {escape_bytes(ref.name): ref.new for ref in forced}
    audit.add(actor, "repository.force-push", f"repository:{entry.repository_path}", before=before, after=after)


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
