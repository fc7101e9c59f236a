"""Commits that are made without a working copy: what is asked for, and why it may be refused."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from kallithea.core.words import _
from kallithea.vcs.types import RefKind, RefUpdate, Signature, VcsError

#: Told what is about to move, before it moves; what it raises undoes all of it.
Announce: TypeAlias = Callable[[Sequence[RefUpdate]], None]

#: Bytes, or a stream that is read from where it stands to its end and that can tell and seek.
Content: TypeAlias = bytes | BinaryIO


class RefusedWriteError(VcsError):
    """What was asked cannot be done to this repository; the message says why and what would be right."""


class RefusedPathError(RefusedWriteError):
    """A file cannot be written at, or taken from, this path."""

    def __init__(self, path: bytes, words: str) -> None:
        shown = path.decode("utf-8", "backslashreplace")
        super().__init__(_("%(path)s: %(problem)s.", path=shown, problem=words) if shown else words)
        self.path = path


class NothingChangedError(RefusedWriteError):
    """The commit would hold exactly what its parent holds."""


class RefMovedError(RefusedWriteError):
    """Somebody moved the ref meanwhile. ``current`` is where it is now, None if it is gone; nothing was changed.

    Of a Mercurial branch, ``current`` is the newest open head.
    """

    def __init__(self, current: str | None) -> None:
        super().__init__(
            _("The branch has changed meanwhile: it is at %(commit)s now. Nothing was written.", commit=current)
            if current
            else _("The branch has changed meanwhile: it does not exist any more. Nothing was written.")
        )
        self.current = current


class FileMode(enum.StrEnum):
    """What a file is."""

    REGULAR = "regular"
    EXECUTABLE = "executable"
    SYMLINK = "symlink"


@dataclass(frozen=True, slots=True)
class AddFile:
    """A file where there is none yet. The content of a symlink is the path that it points to."""

    path: bytes
    content: Content
    mode: FileMode = FileMode.REGULAR


@dataclass(frozen=True, slots=True)
class EditFile:
    """Another content or mode of a file that is there; None leaves it as it is."""

    path: bytes
    content: Content | None = None
    mode: FileMode | None = None


@dataclass(frozen=True, slots=True)
class MoveFile:
    """A file gets another path, and with it another content or mode; None leaves them as they are."""

    old_path: bytes
    path: bytes
    content: Content | None = None
    mode: FileMode | None = None


@dataclass(frozen=True, slots=True)
class DeleteFile:
    """A file goes away."""

    path: bytes


FileChange: TypeAlias = AddFile | EditFile | MoveFile | DeleteFile


@dataclass(frozen=True, slots=True)
class RefTarget:
    """A ref that gets a new commit, by its short name, and where it must be: None where it must not exist yet.

    In Git ``kind`` is BRANCH. In Mercurial it is BOOKMARK or BRANCH: of a named branch, ``expected`` is one of its
    heads, and that one is continued.
    """

    kind: RefKind
    name: bytes
    expected: str | None


@dataclass(frozen=True, slots=True)
class CommitText:
    """What a commit says of itself. Mercurial keeps no committer. Raises RefusedWriteError for no message."""

    message: bytes
    author: Signature
    committer: Signature

    def __post_init__(self) -> None:
        if not self.message.strip():
            raise RefusedWriteError(_("A commit needs a message."))
        if b"\0" in self.message:
            raise RefusedWriteError(_("A message must not contain NUL."))


@dataclass(frozen=True, slots=True)
class CommitRequest:
    """Changes to commit onto ``target``. All of them refer to the files of the parent, in no order.

    ``parent`` is the commit to build on where it is not ``target.expected``: for a new branch from an old commit.
    """

    target: RefTarget
    text: CommitText
    changes: tuple[FileChange, ...]
    parent: str | None = None

    @property
    def base(self) -> str | None:
        """The commit's parent, None for the first commit of a history."""
        return self.target.expected or self.parent
