"""Values of a history: which commits are wanted, and what is known about many of them together."""

import datetime
import enum
from dataclasses import dataclass

from kallithea.vcs.path_rules import is_plain
from kallithea.vcs.types import Commit


class Merges(enum.StrEnum):
    """Which commits count, by the number of their parents."""

    ALL = "all"
    NONE = "none"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which ancestors of a commit are wanted; those that meet all conditions.

    ``author`` is part of ``Name <mail>`` as the commit has it, ``text`` part of one line of the message; neither is a
    pattern, and upper and lower case are the same. ``since`` and ``until`` are aware and included; in Git they are held
    against the committer's date, and what lies behind a commit before ``since`` is not looked at, as in ``git log``;
    in Mercurial against the one date that a changeset has, wherever it lies. ``path`` is a file or folder that the
    commits changed; with ``follow``, the history of a file goes on under the name that it had before it was renamed or
    copied. ``branch`` is a named branch of Mercurial; no commit of Git is on one.
    """

    author: bytes = b""
    text: bytes = b""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    path: bytes = b""
    follow: bool = False
    branch: bytes | None = None
    merges: Merges = Merges.ALL

    @property
    def searches(self) -> bool:
        """Whether commits have to be read to know which meet it. An offset then counts those that were read."""
        return bool(self.author or self.text or self.since or self.until)

    @property
    def finds_nothing(self) -> bool:
        """Whether no commit can meet it: a line has no line end in it, and not every path can be a file's."""
        return any(byte in self.author + self.text for byte in b"\0\n") or bool(self.path and not is_plain(self.path))


@dataclass(frozen=True, slots=True)
class LogPage:
    """Part of a history, newest first.

    ``next`` is the offset at which the following part begins, None where nothing follows. ``searched`` is the number
    of commits gone through when the time ran out before the page was full, else None: then there may be more at
    ``next``, and the page may even be empty.
    """

    commits: tuple[Commit, ...]
    next: int | None = None
    searched: int | None = None

    @property
    def more(self) -> bool:
        """Whether there are, or may be, older commits."""
        return self.next is not None


@dataclass(frozen=True, slots=True)
class AheadBehind:
    """How two commits lie to each other: how many ancestors each has, itself included, that the other has not."""

    ahead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who made commits, how many, and the dates of the first and the last, in UTC."""

    name: bytes
    email: bytes
    commits: int
    first: datetime.datetime
    last: datetime.datetime


@dataclass(frozen=True, slots=True)
class Contributors:
    """Those with the most commits, and how many contributors there are in all."""

    most: tuple[Contributor, ...]
    total: int
