"""Who wrote each line of a file: values, and what both kinds of repository work out in the same way."""

import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.vcs.types import Blob, LimitExceededError, Signature

#: A larger file, in bytes, is not annotated.
LARGEST_FILE = 32 << 20

#: Lines from the first to the last of these numbers, which count from 1.
LineRange = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BlameOptions:
    """What is not writing a line.

    That is to change no more than its white space, with ``skip_spaces``; and with ``follow_moves`` to move it within
    its file, or to take it from a file that the same commit changed. Mercurial does not know the latter.
    """

    skip_spaces: bool = False
    follow_moves: bool = False


#: Whatever changes a line writes it.
PLAIN_BLAME = BlameOptions()


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file as one commit has it."""

    commit_id: str
    path: bytes


@dataclass(frozen=True, slots=True)
class BlameCommit:
    """What is told of a commit beside its lines; ``subject`` is the first line of its message."""

    commit_id: str
    author: Signature
    subject: bytes


@dataclass(frozen=True, slots=True)
class BlameGroup:
    """Neighbouring lines that one commit wrote.

    The group's lines are ``first`` and the next ones of the file that is shown, in all ``count`` of them. In the
    commit they stand at ``path`` from ``line`` on. ``before`` is the file as it was before that commit, None where the
    commit began it. ``passed_over`` is true where an ignored commit changed the lines later.
    """

    first: int
    count: int
    commit_id: str
    path: bytes
    line: int
    before: FileVersion | None
    passed_over: bool = False

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.first + self.count - 1

    def part(self, first: int, last: int) -> "BlameGroup":
        """The lines of the group from ``first`` to ``last``, of which at least one must be in it."""
        if first <= self.first and self.last <= last:
            return self
        start, end = max(first, self.first), min(last, self.last)
        return replace(self, first=start, count=end - start + 1, line=self.line + start - self.first)

    def continues(self, other: "BlameGroup") -> bool:
        """Whether this follows ``other`` both in the file that is shown and in the commit that wrote them."""
        return (
            self.first == other.first + other.count
            and self.line == other.line + other.count
            and (self.commit_id, self.path, self.before, self.passed_over)
            == (other.commit_id, other.path, other.before, other.passed_over)
        )


@dataclass(frozen=True, slots=True)
class Blame:
    """The lines ``first`` to ``last`` of a file that has ``total`` of them; none if ``last`` is less than ``first``.

    ``groups`` are in the order of the file, ``commits`` those that they name, in no order that means anything. Lines in
    no group are not known: finding that out took too long.
    """

    total: int
    first: int
    last: int
    groups: tuple[BlameGroup, ...] = ()
    commits: tuple[BlameCommit, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all lines are known."""
        return sum(group.count for group in self.groups) == max(0, self.last - self.first + 1)

    def part(self, first: int, last: int) -> "Blame":
        """The same of fewer lines: those of ``first`` to ``last`` that this is about."""
        first, last = max(first, self.first), min(last, self.last)
        inside = self.groups[
            bisect.bisect_left(self.groups, first, key=lambda group: group.last) : bisect.bisect_right(
                self.groups, last, key=lambda group: group.first
            )
        ]
        groups = tuple(group.part(first, last) for group in inside)
        used = {group.commit_id for group in groups}
        commits = tuple(commit for commit in self.commits if commit.commit_id in used)
        return Blame(self.total, first, last, groups, commits)


def count_lines(data: bytes) -> int:
    """Lines end with LF; what follows the last one is a line too."""
    return data.count(b"\n") + (0 if data.endswith(b"\n") or not data else 1)


def lines_of(blob: Blob, wanted: LineRange) -> LineRange | None:
    """Those of the wanted lines that a file has, None if it has none of them: it is too short, or no text.

    At least ``LARGEST_FILE`` bytes of a larger one must have been read. Raises LimitExceededError.
    """
    if blob.truncated:
        raise LimitExceededError(
            _("Lines of files of more than %(number)s MiB are not followed.", number=LARGEST_FILE >> 20)
        )
    first, last = wanted[0], min(wanted[1], count_lines(blob.data))
    return (first, last) if first <= last and not blob.binary else None


def join_groups(groups: Iterable[BlameGroup]) -> tuple[BlameGroup, ...]:
    """Groups in the order of the file, each as long as can be."""
    joined: list[BlameGroup] = []
    for group in sorted(groups, key=lambda group: group.first):
        if joined and group.continues(joined[-1]):
            joined[-1] = replace(joined[-1], count=joined[-1].count + group.count)
        else:
            joined.append(group)
    return tuple(joined)


def pass_over(
    groups: Sequence[BlameGroup],
    ignored: Collection[str],
    ask: Callable[[list[LineRange]], Iterable[BlameGroup]],
) -> tuple[BlameGroup, ...]:
    """The groups as they are if the commits ``ignored`` count as having written nothing, where that can be told.

    Ignoring a commit changes what is said of its own lines alone. So only these are asked for again: ``ask`` answers
    for ranges of lines with the commits ignored. A line that it still gives to one of them can be told of no other.
    """
    hit = [group for group in groups if group.commit_id in ignored]
    if not hit:
        return tuple(groups)
    kept = [group for group in groups if group.commit_id not in ignored]
    again = [replace(group, passed_over=group.commit_id not in ignored) for group in ask(list(line_ranges(hit)))]
    return join_groups([*kept, *again])


def line_ranges(groups: Iterable[BlameGroup]) -> Iterator[LineRange]:
    """The lines of groups that are in the order of the file, neighbouring groups together."""
    start = end = 0
    for group in groups:
        if group.first == end + 1 and start:
            end = group.last
            continue
        if start:
            yield start, end
        start, end = group.first, group.last
    if start:
        yield start, end
