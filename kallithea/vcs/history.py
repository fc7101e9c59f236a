"""Values of a history: which commits are wanted, and what is known about many of them together."""

import datetime
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from kallithea.vcs.blame import LineRange
from kallithea.vcs.path_rules import is_plain
from kallithea.vcs.types import Commit, CorruptObjectError, LimitExceededError

Item = TypeVar("Item")


class Merges(enum.StrEnum):
    """Which commits count, by the number of their parents; FIRST leaves out what came with merges, but for these."""

    ALL = "all"
    NONE = "none"
    ONLY = "only"
    FIRST = "first"


class Phase(enum.StrEnum):
    """Phases of Mercurial's changesets, as far as visitors see any of them."""

    PUBLIC = "public"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which ancestors of a commit are wanted; those that meet all conditions.

    ``author`` is part of ``Name <mail>`` as the commit has it, ``text`` part of one line of the message; neither is a
    pattern, and upper and lower case are the same. ``since`` and ``until`` are aware and included; in Git they are held
    against the committer's date, and what lies behind a commit before ``since`` is not looked at, as in ``git log``;
    in Mercurial against the one date that a changeset has, wherever it lies. ``path`` is a file or folder that the
    commits changed; with ``follow``, the history of a file goes on under the name that it had before it was renamed or
    copied. ``lines`` are lines of the file ``path`` as it is in the commit from which the history goes back: those are
    wanted that changed these lines, whatever their numbers and the file's name were then. ``branch`` is a named branch
    of Mercurial and ``phase`` one of its phases; no commit of Git has either.
    """

    author: bytes = b""
    text: bytes = b""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    path: bytes = b""
    follow: bool = False
    lines: LineRange | None = None
    branch: bytes | None = None
    merges: Merges = Merges.ALL
    phase: Phase | None = None

    @property
    def searches(self) -> bool:
        """Whether commits have to be read to know which meet it. An offset then counts those that were read."""
        return bool(self.author or self.text or self.since or self.until)

    @property
    def finds_nothing(self) -> bool:
        """Whether no commit can meet it: a line has no line end in it, and not every path can be a file's."""
        return (
            any(byte in self.author + self.text for byte in b"\0\n")
            or bool(self.path and not is_plain(self.path))
            or bool(self.lines and not self.path)
        )


@dataclass(frozen=True, slots=True)
class LogPage:
    """Part of a history, newest first.

    ``next`` is the offset at which the following part begins, None where nothing follows. ``searched`` is the number
    of commits gone through when the time ran out before the page was full, else None: then there may be more at
    ``next``, and the page may even be empty. ``damage`` says in words what cannot be read, or not within the limits,
    where that ended the page: what lies behind it is not known.
    """

    commits: tuple[Commit, ...]
    next: int | None = None
    searched: int | None = None
    damage: str = ""

    @property
    def more(self) -> bool:
        """Whether there are, or may be, older commits."""
        return self.next is not None


class UntilDamage(Generic[Item]):
    """What an iterator yields before it meets something damaged, or exceeds a limit."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._problem: CorruptObjectError | LimitExceededError | None = None

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item:
        if self._problem is not None:
            raise StopIteration
        try:
            return next(self._items)
        except (CorruptObjectError, LimitExceededError) as problem:
            self._problem = problem
            raise StopIteration from problem

    @property
    def stopped(self) -> bool:
        """Whether it has met it."""
        return self._problem is not None

    def damage_behind(self, found: Sequence[Commit]) -> str:
        """What it met, in words. Raises it where nothing was found before."""
        if self._problem is not None and not found:
            raise self._problem
        return str(self._problem or "")


@dataclass(frozen=True, slots=True)
class AheadBehind:
    """How two commits lie to each other: how many ancestors each has, itself included, that the other has not."""

    ahead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Commits that some tips have and others have not: how many, and the newest of them, newest first."""

    count: int
    newest: tuple[Commit, ...]


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
