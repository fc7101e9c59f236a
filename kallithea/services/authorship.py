"""Who made the commits of a repository, and when: kept by commit, because counting reads the whole history."""

import datetime
import json

from kallithea.cache.stores import Store
from kallithea.services.history_answers import keep_answer
from kallithea.services.repository_activity import monday_of
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import Contributor, Contributors

#: Contributors that are told by name.
MOST_CONTRIBUTORS = 100

#: Weeks of activity.
WEEKS = 52

_FORMAT = 2


def find_contributors(store: Store, repository_id: int, start: str) -> Contributors | None:
    """Who made the commits up to ``start``, None where nobody has counted yet."""
    stored = store.get(_contributors_key(repository_id, start))
    return _parse(stored) if stored is not None else None


def read_contributors(store: Store, repository_id: int, repository: Repository, start: str) -> Contributors:
    """Who made the commits up to ``start``; counting takes seconds in a large history.

    Raises RevisionNotFoundError, LimitExceededError.
    """
    found = find_contributors(store, repository_id, start)
    if found is None:
        found = repository.contributors(start, limit=MOST_CONTRIBUTORS)
        keep_answer(store, repository, _contributors_key(repository_id, start), _dump(found))
    return found


def find_activity(store: Store, repository_id: int, start: str, now: datetime.datetime) -> tuple[int, ...] | None:
    """Commits up to ``start`` in each of the last ``WEEKS``, None where nobody has counted in this one."""
    stored = store.get(_activity_key(repository_id, start, now))
    return tuple(json.loads(stored)) if stored is not None else None


def read_activity(
    store: Store, repository_id: int, repository: Repository, start: str, now: datetime.datetime
) -> tuple[int, ...]:
    """Commits up to ``start`` in each of the last ``WEEKS``, of which the last is the one of today.

    Raises RevisionNotFoundError, LimitExceededError.
    """
    found = find_activity(store, repository_id, start, now)
    if found is None:
        found = repository.activity(start, end_of_week(now), weeks=WEEKS)
        keep_answer(store, repository, _activity_key(repository_id, start, now), json.dumps(found).encode())
    return found


def end_of_week(now: datetime.datetime) -> datetime.datetime:
    """When the week of this moment ends: with its Sunday in UTC, as in the statistics."""
    monday = datetime.datetime.combine(monday_of(now), datetime.time(), datetime.UTC)
    return monday + datetime.timedelta(weeks=1)


def _contributors_key(repository_id: int, start: str) -> str:
    return f"contributors:{_FORMAT}:{repository_id}:{start}"


def _activity_key(repository_id: int, start: str, now: datetime.datetime) -> str:
    return f"activity:{_FORMAT}:{repository_id}:{start}:{end_of_week(now):%Y-%m-%d}"


def _dump(found: Contributors) -> bytes:
    """Names are bytes, and JSON is text: every byte becomes one character."""
    rows = [
        [who.name.decode("latin-1"), who.email.decode("latin-1"), who.commits, _seconds(who.first), _seconds(who.last)]
        for who in found.most
    ]
    return json.dumps([found.total, rows], separators=(",", ":")).encode()


def _parse(stored: bytes) -> Contributors:
    total, rows = json.loads(stored)
    return Contributors(
        tuple(
            Contributor(name.encode("latin-1"), email.encode("latin-1"), commits, _moment(first), _moment(last))
            for name, email, commits, first, last in rows
        ),
        total,
    )


def _seconds(when: datetime.datetime) -> int:
    return int(when.timestamp())


def _moment(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
