"""Pages of a history as they are kept: a line with the lanes of the graph that the page leaves open, then the commits.

Commits are JSON, in which every byte of a name or a message is one character. Of Mercurial's only the ids are there,
because phases and obsolescence of changesets change, and only of histories of which nothing is left out: what such
changes hide or show is never an ancestor of what is visible.
"""

import datetime
import hashlib
import json
from collections.abc import Sequence
from typing import TypeAlias

from kallithea.vcs.backend import History
from kallithea.vcs.graph import GraphState
from kallithea.vcs.history import LogFilter, LogPage
from kallithea.vcs.types import Commit, CorruptObjectError, Kind, RevisionNotFoundError, Signature

# Name, mail, date.
_Person: TypeAlias = tuple[str, str, str]
# Id, parents, author, committer, message.
_Row: TypeAlias = tuple[str, list[str], _Person, _Person, str]

_FORMAT = 2
# Bytes of a page with unusually long messages, which is left out.
_MOST = 200_000


def page_key(repository_id: int, place: str, wanted: LogFilter, offset: int) -> str:
    """What the page of commits that are wanted is kept under; for ``place`` see ``changelog.place_of``."""
    question = hashlib.blake2b(repr(wanted).encode(), digest_size=16).hexdigest()
    return f"log:{_FORMAT}:{repository_id}:{place}:{offset}:{question}"


def dump_page(kind: Kind, page: LogPage, left_open: GraphState | None, *, all_ancestors: bool) -> bytes | None:
    """The page, and the state of its graph if it has one; None where there is nothing to keep.

    ``all_ancestors`` of a commit are a history of which nothing is left out.
    """
    commits = _dump_commits(kind, page, all_ancestors)
    state = _dump_state(page, left_open)
    return state + b"\n" + commits if state or commits else None


def parse_page(content: bytes, repository: History) -> LogPage | None:
    """The page of bytes that ``dump_page`` made, None if they are without its commits, or one of these is gone."""
    commits = content.partition(b"\n")[2]
    if not commits:
        return None
    following, rows = json.loads(commits)
    if not rows or isinstance(rows[0], list):
        return LogPage(tuple(map(_parse_commit, rows)), following)
    try:
        return LogPage(repository.commits(rows), following)
    except (RevisionNotFoundError, CorruptObjectError):
        return None


def parse_state(content: bytes) -> GraphState | None:
    """The state of the graph below the page of bytes that ``dump_page`` made."""
    state = content.partition(b"\n")[0]
    return GraphState.decode(state) if state else None


def has_state(content: bytes, page: LogPage, left_open: GraphState) -> bool:
    """Whether the bytes that ``dump_page`` made of the page have this state."""
    return content.partition(b"\n")[0] == _dump_state(page, left_open)


def _dump_state(page: LogPage, left_open: GraphState | None) -> bytes:
    return left_open.encode() if left_open is not None and page.next is not None else b""


def _dump_commits(kind: Kind, page: LogPage, all_ancestors: bool) -> bytes:
    """The commits; nothing where another time, the page may have other ones."""
    if page.searched is not None or page.damage:
        return b""
    if kind is Kind.HG:
        return _dump_rows(page, [commit.commit_id for commit in page.commits]) if all_ancestors else b""
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
    return _dump_rows(page, rows)


def _dump_rows(page: LogPage, rows: Sequence[object]) -> bytes:
    content = json.dumps([page.next, rows], separators=(",", ":")).encode("ascii")
    return content if len(content) <= _MOST else b""


def _dump_person(person: Signature) -> _Person:
    return person.name.decode("latin-1"), person.email.decode("latin-1"), person.when.isoformat()


def _parse_commit(row: _Row) -> Commit:
    commit_id, parents, author, committer, message = row
    return Commit(commit_id, tuple(parents), _parse_person(author), _parse_person(committer), message.encode("latin-1"))


def _parse_person(person: _Person) -> Signature:
    name, email, when = person
    return Signature(name.encode("latin-1"), email.encode("latin-1"), datetime.datetime.fromisoformat(when))
