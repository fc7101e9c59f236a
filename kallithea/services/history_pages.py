"""Pages of a Git history as they are kept: JSON, in which every byte of a name or a message is one character.

Those of Mercurial are not kept: phases and obsolescence of changesets change, and reading them starts no process.
"""

import datetime
import hashlib
import json
from typing import TypeAlias

from kallithea.vcs.history import LogFilter, LogPage
from kallithea.vcs.types import Commit, Kind, Signature

# Name, mail, date.
_Person: TypeAlias = tuple[str, str, str]
# Id, parents, author, committer, message.
_Row: TypeAlias = tuple[str, list[str], _Person, _Person, str]

_FORMAT = 1
# Bytes of a page with unusually long messages, which is left out.
_MOST = 200_000


def page_key(repository_id: int, start: str, wanted: LogFilter, offset: int) -> str:
    """What the page of commits that are wanted is kept under."""
    question = hashlib.blake2b(repr(wanted).encode(), digest_size=16).hexdigest()
    return f"log:{_FORMAT}:{repository_id}:{start}:{offset}:{question}"


def dump_page(kind: Kind, page: LogPage) -> bytes | None:
    """The page; None for one that is not to be kept: another time, it may have other commits."""
    if kind is not Kind.GIT or page.searched is not None or page.damage:
        return None
    rows = [
        (
            commit.commit_id,
            commit.parent_ids,
            _dump_person(commit.author),
            _dump_person(commit.committer),
            commit.message.decode("latin-1"),
        )
        for commit in page.commits
    ]
    content = json.dumps([page.next, rows], separators=(",", ":")).encode("ascii")
    return content if len(content) <= _MOST else None


def parse_page(content: bytes) -> LogPage:
    """The page of bytes that ``dump_page`` made."""
    following, rows = json.loads(content)
    return LogPage(tuple(map(_parse_commit, rows)), following)


def _dump_person(person: Signature) -> _Person:
    return person.name.decode("latin-1"), person.email.decode("latin-1"), person.when.isoformat()


def _parse_commit(row: _Row) -> Commit:
    commit_id, parents, author, committer, message = row
    return Commit(commit_id, tuple(parents), _parse_person(author), _parse_person(committer), message.encode("latin-1"))


def _parse_person(person: _Person) -> Signature:
    name, email, when = person
    return Signature(name.encode("latin-1"), email.encode("latin-1"), datetime.datetime.fromisoformat(when))
