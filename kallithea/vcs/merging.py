"""Merges that are made without a working copy, and what keeps two histories from being merged."""

import enum
from dataclasses import dataclass

from kallithea.core.words import _, _n
from kallithea.vcs.types import EntryKind
from kallithea.vcs.writing import CommitText, RefTarget, RefusedWriteError

#: Conflicts that a report names; more are only counted.
MOST_CONFLICTS = 1000


class MergeStyle(enum.StrEnum):
    """What becomes of the other side's commits."""

    MERGE = "merge"
    SQUASH = "squash"
    FAST_FORWARD = "fast-forward"


class ConflictKind(enum.Enum):
    """Why a path needs somebody to decide; the value is a Text that says it."""

    CONTENT = _("both sides changed the same lines")
    BINARY = _("both sides changed a file that is not merged line by line")
    BOTH_ADDED = _("both sides added a file of this name")
    CHANGED_DELETED = _("one side changed the file, the other deleted it")
    RENAMED_TWICE = _("both sides renamed it, or renamed something to this name")
    RENAMED_DELETED = _("one side renamed the file, the other deleted it")
    FOLDER_RENAMED = _("one side renamed the folder in which the other added a file")
    FILE_AND_FOLDER = _("a file on one side is a folder on the other")
    MODE = _("the two sides differ in what kind of file it is")
    SUBREPOSITORY = _("the two sides pin another repository to different commits")


@dataclass(frozen=True, slots=True)
class Version:
    """One side of a conflict. ``object_id`` is as in TreeEntry: of the blob in Git, the file node in Mercurial."""

    kind: EntryKind
    object_id: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A path that cannot be merged. A side is None where it has nothing here.

    ``base`` is also None where it is a merge of several common ancestors, which no commit holds.
    """

    path: bytes
    kind: ConflictKind
    base: Version | None = None
    ours: Version | None = None
    theirs: Version | None = None


@dataclass(frozen=True, slots=True)
class ConflictReport:
    """All conflicts of a merge in the order of their paths. ``hidden`` counts those left out by a limit (0: none)."""

    conflicts: tuple[Conflict, ...] = ()
    hidden: int = 0

    @property
    def clean(self) -> bool:
        """Whether the two sides can be merged."""
        return not self.conflicts

    @property
    def total(self) -> int:
        """Number of conflicts, those left out included."""
        return len(self.conflicts) + self.hidden


class MergeConflictError(RefusedWriteError):
    """The two sides contradict each other; ``report`` says where. Nothing was changed."""

    def __init__(self, report: ConflictReport) -> None:
        first = report.conflicts[0].path.decode("utf-8", "backslashreplace")
        super().__init__(
            _n(
                "There is a conflict in %(path)s. Nothing was changed.",
                "There are %(count)s conflicts, the first in %(path)s. Nothing was changed.",
                report.total,
                path=first,
            )
        )
        self.report = report


class NothingToMergeError(RefusedWriteError):
    """All of the other side is part of this side already."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to merge: all of it is part of the branch already."))


class NoFastForwardError(RefusedWriteError):
    """The branch has commits that the other side lacks."""

    def __init__(self) -> None:
        super().__init__(_("The branch has commits of its own, so it cannot be moved forward without a merge."))


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """The commit ``theirs`` to merge into the ref ``target``, which must exist. ``text`` is the new commit's."""

    target: RefTarget
    theirs: str
    text: CommitText
    style: MergeStyle = MergeStyle.MERGE

    @property
    def ours(self) -> str:
        """The commit that is merged into. Raises RefusedWriteError for a branch without one."""
        if self.target.expected is None:
            raise RefusedWriteError(_("A branch without a commit cannot be merged into."))
        return self.target.expected


def make_report(conflicts: list[Conflict]) -> ConflictReport:
    """The report of these conflicts, within the limit."""
    ordered = sorted(conflicts, key=lambda conflict: conflict.path)
    return ConflictReport(tuple(ordered[:MOST_CONFLICTS]), max(len(ordered) - MOST_CONFLICTS, 0))
