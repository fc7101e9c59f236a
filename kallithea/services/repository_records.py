"""What the database knows of a repository as one text, from which its rows can be made again."""

import dataclasses
import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kallithea.core.access import SubjectKind
from kallithea.core.schedules import Schedule
from kallithea.core.watching import Watch
from kallithea.model.follower import Follower
from kallithea.model.grant import Grant, parse_subject_key, repository_key
from kallithea.model.journal import JournalEntry, JournalReader
from kallithea.model.remote import Remote, remote_of
from kallithea.model.repository import Repository
from kallithea.model.repository_field import RepositoryField, fields_of
from kallithea.model.user import User
from kallithea.model.user_group import UserGroup

_MANY = 500


@dataclass(frozen=True, slots=True)
class RepositoryRecord:
    """JSON values only: times are ISO text in UTC, names of refs are Latin-1 for bytes.

    ``grants`` are subjects, as ``model.grant`` writes them, and levels; ``followers`` users, since when, and what they
    are told; ``fields`` keys, labels and values; ``remote`` address, schedule, and the credentials as they are sealed.
    ``forks`` are ids.
    """

    owner_id: int | None
    description: str
    private: bool
    landing_ref: str | None
    downloads: bool
    statistics: bool
    settings_version: int
    created: str
    fork_of_id: int | None
    forks: Sequence[int]
    grants: Sequence[tuple[str, int]]
    followers: Sequence[Sequence[Any]]
    fields: Sequence[tuple[str, str, str]]
    remote: tuple[str, str, str] | None
    # older records have none
    publishing: bool = True


def make_record(session: Session, row: Repository) -> str:
    """The record of a repository as JSON text."""
    number = row.repository_id
    forks = session.scalars(select(Repository.repository_id).where(Repository.fork_of_id == number))
    grants = session.execute(select(Grant.subject_key, Grant.level).where(Grant.target_key == repository_key(number)))
    followers = session.execute(
        select(Follower.user_id, Follower.since, Follower.level).where(Follower.repository_id == number)
    )
    remote = session.scalar(remote_of(number))
    record = RepositoryRecord(
        row.owner_id,
        row.description,
        row.private,
        row.landing_ref.decode("latin-1") if row.landing_ref is not None else None,
        row.downloads,
        row.statistics,
        row.settings_version,
        row.created.isoformat(),
        row.fork_of_id,
        list(forks),
        [(key, level) for key, level in grants],
        [(user_id, since.isoformat(), level) for user_id, since, level in followers],
        [(one.key, one.label, one.value) for one in session.scalars(fields_of(number))],
        _remote_record(remote) if remote is not None else None,
        row.publishing,
    )
    return json.dumps(dataclasses.asdict(record))


def read_record(text: str) -> RepositoryRecord:
    """The record that was written."""
    return RepositoryRecord(**json.loads(text))


def restore_columns(session: Session, record: RepositoryRecord, row: Repository) -> None:
    """Give a new row what it had, as far as that is still there."""
    row.owner_id = record.owner_id if record.owner_id in _known_users(session, [record.owner_id]) else None
    row.description, row.private = record.description, record.private
    row.landing_ref = record.landing_ref.encode("latin-1") if record.landing_ref is not None else None
    row.downloads, row.statistics = record.downloads, record.statistics
    row.publishing = record.publishing
    # pages that browsers have kept were made before it was deleted
    row.settings_version = record.settings_version + 1
    row.created = datetime.datetime.fromisoformat(record.created)
    if record.fork_of_id is not None and session.get(Repository, record.fork_of_id) is not None:
        row.fork_of_id = record.fork_of_id


def restore_rows(session: Session, record: RepositoryRecord, repository_id: int, now: datetime.datetime) -> None:
    """Store again what spoke of the repository, as far as those whom it names are still there."""
    _restore_grants(session, record, repository_id)
    users = _known_users(session, [one[0] for one in record.followers])
    session.add_all(
        Follower(
            user_id=user_id,
            repository_id=repository_id,
            since=datetime.datetime.fromisoformat(since),
            # older records have none
            level=level[0] if level else Watch.MENTIONS,
        )
        for user_id, since, *level in record.followers
        if user_id in users
    )
    session.add_all(
        RepositoryField(repository_id=repository_id, key=key, label=label, value=value)
        for key, label, value in record.fields
    )
    if record.remote is not None:
        session.add(_make_remote(record.remote, repository_id, now))
    # forks that have no other parent since
    for some in _batches(record.forks):
        orphans = Repository.repository_id.in_(some) & Repository.fork_of_id.is_(None)
        session.execute(update(Repository).where(orphans).values(fork_of_id=repository_id))


def restore_journal(session: Session, repository_id: int, path: str, since: str, until: datetime.datetime) -> None:
    """What happened at the path while the repository was there happened to it, and is for those who may read it now."""
    lost = (
        JournalEntry.repository_id.is_(None)
        & (JournalEntry.repository_path == path)
        & JournalEntry.at.between(datetime.datetime.fromisoformat(since), until)
    )
    of_lost = JournalReader.journal_entry_id.in_(select(JournalEntry.journal_entry_id).where(lost))
    session.execute(delete(JournalReader).where(of_lost))
    session.execute(update(JournalEntry).where(lost).values(repository_id=repository_id))


def _remote_record(row: Remote) -> tuple[str, str, str]:
    return row.address, row.schedule, (row.credentials or b"").decode("ascii")


def _make_remote(record: tuple[str, str, str], repository_id: int, now: datetime.datetime) -> Remote:
    address, schedule, sealed = record
    return Remote(
        repository_id=repository_id,
        address=address,
        credentials=sealed.encode("ascii") or None,
        schedule=schedule,
        due=now if Schedule(schedule).every is not None else None,
        created=now,
    )


def _restore_grants(session: Session, record: RepositoryRecord, repository_id: int) -> None:
    subjects = {key: parse_subject_key(key) for key, _level in record.grants}
    wanted = [one.subject_id for one in subjects.values() if one.kind is SubjectKind.USER_GROUP]
    groups = set(session.scalars(select(UserGroup.user_group_id).where(UserGroup.user_group_id.in_(wanted))))
    users = _known_users(session, [one.subject_id for one in subjects.values() if one.kind is SubjectKind.USER])
    for key, level in record.grants:
        subject = subjects[key]
        user_id = subject.subject_id if subject.kind is SubjectKind.USER else None
        group_id = subject.subject_id if subject.kind is SubjectKind.USER_GROUP else None
        if subject.built_in or user_id in users or group_id in groups:
            session.add(
                Grant(
                    subject_key=key,
                    target_key=repository_key(repository_id),
                    level=level,
                    user_id=user_id,
                    user_group_id=group_id,
                    repository_id=repository_id,
                )
            )


def _known_users(session: Session, user_ids: Iterable[int | None]) -> set[int | None]:
    known: set[int | None] = set()
    for some in _batches([user_id for user_id in user_ids if user_id is not None]):
        known.update(session.scalars(select(User.user_id).where(User.user_id.in_(some))))
    return known


def _batches(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    """Databases take so many values in one statement."""
    return (numbers[start : start + _MANY] for start in range(0, len(numbers), _MANY))
