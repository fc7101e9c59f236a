"""What the journal keeps of a push: which refs it moved, how many commits came, and the newest of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kallithea.core.escapes import unescape_bytes
from kallithea.render.text import short_line
from kallithea.vcs.history import Arrived
from kallithea.vcs.types import RefUpdate

#: Commits that an entry names.
MOST_NAMED = 20
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class MovedRef:
    """A ref that was moved: its full name, and the values before and after, None where there is none."""

    name: bytes
    old: str | None
    new: str | None

    @property
    def short_name(self) -> tuple[str, bytes]:
        """What kind of ref it is, ``branch``, ``tag`` or ``book``, and the name that people know."""
        for prefix, kind in _PREFIXES:
            if self.name.startswith(prefix):
                return kind, self.name.removeprefix(prefix)
        return "tag", self.name


_PREFIXES = (
    (b"refs/heads/", "branch"),
    (b"refs/tags/", "tag"),
    (b"heads/", "branch"),
    (b"bookmarks/", "book"),
)


@dataclass(frozen=True, slots=True)
class NamedCommit:
    """A commit as the journal keeps it."""

    commit_id: str
    subject: str
    author: str


@dataclass(frozen=True, slots=True)
class PushDetails:
    """A push. ``more`` counts refs beyond those kept; ``count`` of commits is None while, or as, it is not known."""

    refs: tuple[MovedRef, ...]
    more: int = 0
    described: bool = False
    count: int | None = None
    commits: tuple[NamedCommit, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingPush:
    """What a push that is not described yet needs for that: all its refs, and the address that it came from."""

    address: str
    updates: tuple[RefUpdate, ...]


def parse_pending(details: str) -> PendingPush:
    """What is kept in an entry's ``details`` until it is described."""
    pending: Mapping[str, Any] = json.loads(details)["pending"]
    updates = (RefUpdate(unescape_bytes(name), old, new) for name, old, new in pending["updates"])
    return PendingPush(pending["address"], tuple(updates))


def parse_push(details: str) -> PushDetails:
    """The push of an entry's ``details``."""
    values: dict[str, Any] = json.loads(details)
    refs = (MovedRef(unescape_bytes(ref["name"]), ref["old"], ref["new"]) for ref in values.get("refs", ()))
    commits = (NamedCommit(*commit) for commit in values.get("commits", ()))
    return PushDetails(tuple(refs), int(values.get("more", 0)), "count" in values, values.get("count"), tuple(commits))


def describe(details: str, arrived: Arrived | None, encodings: Sequence[str]) -> str:
    """The ``details`` with what has arrived, None where that cannot be found out."""
    values: dict[str, Any] = json.loads(details)
    values.pop("pending", None)
    values["count"] = None if arrived is None else arrived.count
    values["commits"] = [
        [
            commit.commit_id,
            short_line(commit.subject, encodings)[:_LONGEST_SUBJECT],
            short_line(commit.author.name or commit.author.email, encodings)[:_LONGEST_SUBJECT],
        ]
        for commit in (() if arrived is None else arrived.newest[:MOST_NAMED])
    ]
    return json.dumps(values, sort_keys=True)


def parse_changed(details: str) -> tuple[str, ...]:
    """The names of the settings that an entry says were changed."""
    values: Mapping[str, Any] = json.loads(details)
    return tuple(map(str, values.get("changed", ())))
