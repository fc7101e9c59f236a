"""What every version-control backend can do: small Protocols, and the whole of them as Repository."""

import contextlib
import datetime
import pathlib
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Protocol, Self

from kallithea.vcs.archive import Archives
from kallithea.vcs.blame import Blame, BlameOptions
from kallithea.vcs.combined import CombinedDiff
from kallithea.vcs.diff import ChangeList, Diff, DiffLimits, DiffOptions, Sides
from kallithea.vcs.history import AheadBehind, Arrived, Contributors, LogFilter, LogPage
from kallithea.vcs.last_change import LastChanges
from kallithea.vcs.line_search import FoundLines, LineQuery
from kallithea.vcs.merging import ConflictReport, MergeRequest
from kallithea.vcs.types import Blob, Commit, Kind, Ref, Refs, RefState, TreeEntry
from kallithea.vcs.writing import Announce, CommitRequest


class History(Protocol):
    """Commits and their order."""

    def resolve(self, name: bytes) -> str:
        """Commit id of an exact branch, bookmark or tag name, a full id, or a unique hash prefix of at least 4 digits.

        Names win over prefixes, in the order: full id, branch, bookmark, tag, prefix. ``tip`` and ``HEAD`` name the
        default ref's commit, and in Mercurial ``tip`` the newest visible changeset; a decimal local number is accepted
        for Mercurial only when nothing else fits. Never evaluated as a revset or as ``rev^{...}`` syntax.

        Raises RevisionNotFoundError, AmbiguousRevisionError.
        """
        ...

    def commit(self, commit_id: str) -> Commit:
        """The commit of a full id. Raises RevisionNotFoundError, CorruptObjectError."""
        ...

    def commits(self, commit_ids: Sequence[str]) -> tuple[Commit, ...]:
        """The commits of full ids, in the same order. Raises RevisionNotFoundError, CorruptObjectError."""
        ...

    def find_commits(self, prefixes: Collection[str]) -> Mapping[str, str]:
        """The ids that these begin, in lower case: of each the one commit that it is the begin of, or whose id it is.

        Those that begin none or several are left out. All are looked up at once.
        """
        ...


class Diffs(Protocol):
    """What lies between two commits. Every call raises RevisionNotFoundError, CorruptObjectError.

    Renames are found in Git by likeness, in Mercurial where they were recorded, as copies are.
    """

    def changes(
        self, sides: Sides, options: DiffOptions = ..., *, offset: int = 0, limit: int = 1000, counted: bool = True
    ) -> ChangeList:
        """The changed files, ``limit`` of them from number ``offset`` on; ``counted``: with their numbers of lines.

        Without counts this is cheap, whatever was changed.
        """
        ...

    def diff(
        self, sides: Sides, *, paths: Sequence[bytes] = (), options: DiffOptions = ..., limits: DiffLimits = ...
    ) -> Diff:
        """The list of changed files and the lines of the first of them, or of those at ``paths`` only.

        For a rename give both paths, or its file looks like one that was added. Raises PathNotFoundError for what can
        be no path; a path at which nothing changed gives nothing.
        """
        ...

    def combined_diff(self, commit_id: str, *, options: DiffOptions = ..., limits: DiffLimits = ...) -> CombinedDiff:
        """What a merge holds that no single one of its parents explains; nothing for a commit that is no merge."""
        ...

    def raw_diff(self, sides: Sides, *, paths: Sequence[bytes] = (), options: DiffOptions = ...) -> Iterator[bytes]:
        """The changes as unified text in Git's extended format, in chunks.

        Binary files come as Git's binary patches, so that the text can be applied.
        """
        ...


class Log(Protocol):
    """Part of a history, newest first."""

    def log(self, start: str | None, wanted: LogFilter = ..., *, offset: int = 0, limit: int = 50) -> LogPage:
        """Ancestors of the commit ``start``, itself included, that meet the conditions; without a start, of all heads.

        Those are the branches of Git, and in Mercurial all visible changesets. A file is followed from a start only.

        Git's come by the committers' dates, each after one of its children; Mercurial's by their local numbers.
        ``offset`` commits are passed over: of those that would be found, or, where the filter ``searches``, as many as
        ``LogPage.next`` of the page before says. Raises RevisionNotFoundError, LimitExceededError where even the walk
        takes too long, CorruptObjectError where damage was met before any commit of the page was found, and
        PathNotFoundError where lines are wanted of what is no file.
        """
        ...


class Arrivals(Protocol):
    """What a movement of refs has brought."""

    def arrived(self, tips: Collection[str], known: Collection[str], *, limit: int) -> Arrived:
        """Ancestors of ``tips``, themselves included, that are none of ``known``: their number, and ``limit`` of them.

        Ids may be those of tags; what is no commit, or is not there any more, is passed over. Raises
        LimitExceededError, CorruptObjectError.
        """
        ...


class Ancestry(Protocol):
    """How commits lie to each other. All raise RevisionNotFoundError for ids that are not those of commits."""

    def count(self, start: str | None) -> int:
        """Number of ancestors of ``start``, itself included; without a start, of all heads, as ``Log`` has them."""
        ...

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """Common ancestors that are not ancestors of other common ones, in no order that means anything."""
        ...

    def merge_base(self, one: str, other: str) -> str | None:
        """The merge base that a merge would begin with; None where two histories have nothing in common."""
        ...

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Whether one commit is an ancestor of another; each is its own."""
        ...

    def children(self, commit_id: str, *, limit: int) -> tuple[str, ...]:
        """Those that have this commit as a parent, among all that ``Log`` shows without a start: the newest, so many.

        No repository holds the way from a commit to its children, so all that came after it is looked through. Raises
        LimitExceededError, BusyError.
        """
        ...

    def ahead_behind(self, tip: str, base: str) -> AheadBehind:
        """What ``tip`` has that ``base`` has not, and the other way round."""
        ...

    def ahead_behind_all(self, tips: Iterable[str], base: str, *, seconds: float) -> Mapping[str, AheadBehind]:
        """The same for many tips; those are missing for which the time was not enough."""
        ...


class Authorship(Protocol):
    """Who made commits, and when."""

    def contributors(self, start: str, *, limit: int, seconds: float = ...) -> Contributors:
        """Those who made the most commits up to ``start``. Reads every commit, for at most so many seconds.

        Raises LimitExceededError, RevisionNotFoundError.
        """
        ...

    def activity(self, start: str, until: datetime.datetime, *, weeks: int = 52) -> tuple[int, ...]:
        """How many commits up to ``start`` were made in each of the weeks before ``until``, the oldest week first.

        A week is seven days of 24 hours, its first moment included. Raises RevisionNotFoundError, LimitExceededError.
        """
        ...


class Tree(Protocol):
    """Folders and files of one commit."""

    def entry(self, commit_id: str, path: bytes) -> TreeEntry:
        """What lies at ``path``; the empty path is the root folder. Raises PathNotFoundError."""
        ...

    def folder(self, commit_id: str, path: bytes) -> tuple[TreeEntry, ...]:
        """Entries of a folder, without sizes: folders first, then by name.

        Raises PathNotFoundError, also where a file lies.
        """
        ...

    def paths(self, commit_id: str, *, limit: int) -> tuple[bytes, ...]:
        """The paths of all files, symlinks and sub-repositories, sorted; of more than ``limit`` the first ones.

        Raises RevisionNotFoundError, CorruptObjectError, LimitExceededError.
        """
        ...

    def with_sizes(self, commit_id: str, entries: Sequence[TreeEntry]) -> tuple[TreeEntry, ...]:
        """The same entries of this commit, with the sizes of files and symlinks; damaged ones have none."""
        ...

    def blob(self, commit_id: str, path: bytes, *, limit: int) -> Blob:
        """A file's or symlink's content, at most ``limit`` bytes of it. Raises PathNotFoundError for folders."""
        ...

    def open_blob(self, commit_id: str, path: bytes) -> contextlib.AbstractContextManager[tuple[int, BinaryIO]]:
        """A file's whole size and a stream of its content, forwards only; a large file is never whole in memory."""
        ...


class Feeding(Protocol):
    """What an index of contents and commits is made from."""

    def listing(self, commit_id: str) -> tuple[TreeEntry, ...]:
        """All files, symlinks and sub-repositories, without sizes, in no order that means anything.

        Raises RevisionNotFoundError, CorruptObjectError, LimitExceededError; TooLargeError for more than
        ``feeding.MOST_FILES``.
        """
        ...

    def commits_without(self, tips: Sequence[str], known: Iterable[str], *, limit: int) -> list[str]:
        """Ids of the ancestors of ``tips``, themselves included, that are none of ``known``; newest first.

        Those known that are there no more count for nothing. Raises RevisionNotFoundError, LimitExceededError.
        """
        ...

    def changed_paths(self, commit_ids: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        """The files that each commit changed, added or deleted; of Git's merges none.

        Raises what ``commits`` does, and TooLargeError for more than ``feeding.MOST_CHANGES`` of 500 commits.
        """
        ...


class LineSearch(Protocol):
    """Lines of files that have something."""

    def search_lines(self, commit_id: str, query: LineQuery, *, limit: int, seconds: float) -> FoundLines:
        """The lines of a commit's text files that meet the query: at most so many, found in so many seconds.

        A file is text if it has no NUL in its first 8,000 bytes; symlinks are not looked at. Raises
        RevisionNotFoundError, PathNotFoundError, line_patterns.PatternError, BusyError, TooLargeError,
        CorruptObjectError.
        """
        ...


class Blaming(Protocol):
    """Who wrote each line."""

    def changed_in(self, commit_id: str, path: bytes) -> str:
        """The commit up to ``commit_id`` that last changed a file: both have the same blame.

        Raises PathNotFoundError.
        """
        ...

    def blame(
        self,
        commit_id: str,
        path: bytes,
        *,
        first: int = 1,
        last: int | None = None,
        ignored: Sequence[str] = (),
        options: BlameOptions = ...,
        seconds: float = 60.0,
    ) -> Blame:
        """For the lines ``first`` to ``last`` of a file or symlink the commits that wrote them, renames followed.

        Numbers beyond the end are cut. The commits ``ignored``, full ids, count as having written nothing where that
        can be told; those that do not exist do no harm. What is not known after so many ``seconds`` is left out.

        Raises PathNotFoundError, LimitExceededError for what is larger than ``LARGEST_FILE``, CorruptObjectError.
        """
        ...


class LastChange(Protocol):
    """Which commit changed an entry of a folder last; ``kallithea.vcs.last_change`` says what that means."""

    def last_changes(
        self,
        commit_id: str,
        path: bytes,
        names: Collection[bytes],
        *,
        known: LastChanges | None = None,
        seconds: float = ...,
    ) -> LastChanges:
        """The last changes of ``names``, entries of the folder ``path`` at the commit.

        ``known`` are the answers of the same folder at another commit, the nearer the better; they make it faster and
        change nothing. Raises RevisionNotFoundError, PathNotFoundError, CorruptObjectError, LimitExceededError,
        BusyError.
        """
        ...


class RefStore(Protocol):
    """Names of commits."""

    def refs(self) -> Refs:
        """All branches, tags and bookmarks that a visitor may see."""
        ...

    def find_ref(self, *names: bytes) -> Ref | None:
        """The branch, bookmark or tag of the first name that one has; the others are not read."""
        ...

    def default_ref(self) -> Ref | None:
        """What ``Refs.default`` says, without reading the other refs."""
        ...

    def refs_at(self, commit_ids: Collection[str]) -> tuple[Ref, ...]:
        """The bookmarks, branches and tags at these commits; cheaper than all refs."""
        ...

    def state(self) -> RefState:
        """Everything that a push can move, with its fingerprint."""
        ...

    def fingerprint(self) -> str:
        """The fingerprint alone, without reading the refs: of those that this handle reads, never of later ones."""
        ...


class Writing(Protocol):
    """Commits without a working copy."""

    def commit_files(self, request: CommitRequest, announce: Announce) -> str:
        """Commit changed files onto a branch or bookmark and return the commit's id.

        The commit is on the disk when this returns, and the ref has moved from where it was expected, or nothing has.
        ``announce`` is told what will move before it does; what it raises leaves everything as it was. The repository
        shows the new commit from then on.

        Raises RefMovedError, RefusedPathError, NothingChangedError, RefusedWriteError, UnwritableError, VcsError.
        """
        ...


class Merging(Protocol):
    """Merges without a working copy."""

    def find_conflicts(self, ours: str, theirs: str) -> ConflictReport:
        """Where the two commits contradict each other, nowhere if they can be merged. Nothing that is made here stays.

        Raises RevisionNotFoundError, and RefusedWriteError where they have no history in common.
        """
        ...

    def merge(self, request: MergeRequest, announce: Announce) -> str:
        """Merge a commit into a branch or bookmark and return the id of the commit that it is then at.

        As safe as ``commit_files``, and announced like it. Raises MergeConflictError, NothingToMergeError,
        NoFastForwardError, RefMovedError, NothingChangedError, RefusedWriteError, UnwritableError, VcsError.
        """
        ...


class Repository(
    History,
    Log,
    Arrivals,
    Ancestry,
    Authorship,
    Diffs,
    Tree,
    LastChange,
    Feeding,
    LineSearch,
    Archives,
    Blaming,
    RefStore,
    Writing,
    Merging,
    Protocol,
):
    """An open repository. Open one per request or job, use it from one thread, and close it."""

    kind: Kind
    path: pathlib.Path

    def is_empty(self) -> bool:
        """Whether there is no commit that a visitor could see."""
        ...

    @property
    def shallow(self) -> bool:
        """Whether older history is left out that may come later."""
        ...

    def close(self) -> None:
        """Free file handles and child processes."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None: ...
