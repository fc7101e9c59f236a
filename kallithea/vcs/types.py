"""Values of version control, the same for Git and Mercurial.

Paths, ref names, messages and file contents are bytes exactly as the repository holds them; turning them into text is
a decision of the ``render`` layer. A ``commit_id`` is a full object name in lower-case hexadecimal text: 40 digits for
SHA-1 (Git and Mercurial), 64 for SHA-256 Git repositories.
"""

import codecs
import datetime
import enum
from dataclasses import dataclass, replace
from typing import NamedTuple

from kallithea.core.storage import StorageError


class Kind(enum.StrEnum):
    """The version-control system of a repository."""

    GIT = "git"
    HG = "hg"


class VcsError(Exception):
    """A repository could not answer. The message is plain text, safe to show to whoever may read the repository."""


class RepositoryMissingError(VcsError):
    """There is no repository of this kind at the given folder."""


class RevisionNotFoundError(VcsError):
    """No commit, ref or unique hash prefix has this name."""


class AmbiguousRevisionError(RevisionNotFoundError):
    """A hash prefix fits more than one commit."""


class PathNotFoundError(VcsError):
    """The commit has nothing at this path."""


class CorruptObjectError(VcsError):
    """An object is missing or damaged; the message names it."""


class LimitExceededError(VcsError):
    """An answer was not produced because it exceeds a limit of time or size; the message names the limit."""


class TooLargeError(LimitExceededError):
    """An answer was not produced because of its size: asking again does not help."""


class BusyError(VcsError):
    """An answer was not begun because too much is being worked on; trying again in a moment may help."""


class UnwritableError(VcsError, StorageError):
    """The disk of a repository is full, or read-only, so that what was to be written was not."""


class RefKind(enum.StrEnum):
    """What a ref is. BRANCH is a Git branch or a head of a Mercurial named branch."""

    BRANCH = "branch"
    TAG = "tag"
    BOOKMARK = "bookmark"


# Tuples where thousands are made for a page: a frozen dataclass takes four times as long.


class Ref(NamedTuple):
    """A name for a commit.

    ``name`` is short (``main``, not ``refs/heads/main``). ``commit_id`` is the peeled commit of an annotated tag.
    ``closed`` is true for a Mercurial named branch of which every head is closed.
    """

    kind: RefKind
    name: bytes
    commit_id: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Refs:
    """All named commits of a repository, each tuple sorted by name.

    ``default`` is the ref that a visitor sees first: Git's HEAD if it names a born branch, else its first branch;
    Mercurial's ``@`` bookmark, else the ``default`` branch, else the tip's branch. None in an empty repository.
    """

    branches: tuple[Ref, ...]
    tags: tuple[Ref, ...]
    bookmarks: tuple[Ref, ...]
    default: Ref | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who and when. ``when`` is aware, in the zone that the person wrote it in (UTC where that zone is nonsense)."""

    name: bytes
    email: bytes
    when: datetime.datetime


class Instability(enum.StrEnum):
    """What is the matter with a changeset of Mercurial since others were rewritten."""

    ORPHAN = "orphan"
    PHASE_DIVERGENT = "phase-divergent"
    CONTENT_DIVERGENT = "content-divergent"


class Successor(NamedTuple):
    """A changeset that took the place of an obsolete one, and its local number."""

    commit_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit (Git) or changeset (Mercurial).

    ``revision`` is Mercurial's local number, None in Git. ``branch`` is the named branch in Mercurial, None in Git.
    ``phase`` is ``public``, ``draft`` or ``secret`` in Mercurial, None in Git. ``closes_branch`` is true for a
    changeset of Mercurial that closes a head of its branch. ``successors`` are those visible changesets into which an
    ``obsolete`` one was rewritten, the first few, as ``hg log`` names them.
    """

    commit_id: str
    parent_ids: tuple[str, ...]
    author: Signature
    committer: Signature
    message: bytes
    revision: int | None = None
    branch: bytes | None = None
    phase: str | None = None
    obsolete: bool = False
    closes_branch: bool = False
    instabilities: tuple[Instability, ...] = ()
    successors: tuple[Successor, ...] = ()

    @property
    def subject(self) -> bytes:
        """First line of the message."""
        return self.message.strip().split(b"\n", 1)[0].strip()


class EntryKind(enum.StrEnum):
    """What lies at a path."""

    FILE = "file"
    EXECUTABLE = "executable"
    SYMLINK = "symlink"
    FOLDER = "folder"
    SUBREPOSITORY = "subrepository"


class TreeEntry(NamedTuple):
    """One name in a folder. ``path`` is whole, from the root, without leading slash.

    ``size`` is in bytes, None for folders and sub-repositories. ``object_id`` is the blob or tree in Git, the file
    node in Mercurial (None for its folders), and the pinned commit of a sub-repository.
    """

    path: bytes
    kind: EntryKind
    size: int | None
    object_id: str | None

    @property
    def name(self) -> bytes:
        """Last part of the path."""
        return self.path.rsplit(b"/", 1)[-1]


# How PDF begins, which may hold no NUL and is no text for that.
_PDF = b"%PDF-"
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_binary(data: bytes) -> bool:
    """Whether what begins so is shown as bytes: a NUL in the first 8,000, as Git decides it, or PDF."""
    return b"\0" in data[:8000] or data.startswith(_PDF)


def utf8_of(data: bytes, *, truncated: bool = False) -> bytes:
    """Text in UTF-16 with its byte order mark as UTF-8; anything else is returned itself."""
    if not data.startswith(_UTF_16_MARKS):
        return data
    try:
        text = codecs.getincrementaldecoder("utf-16")().decode(data, final=not truncated)
    except UnicodeDecodeError:
        return data
    return data if "\0" in text else text.encode()


@dataclass(frozen=True, slots=True)
class Blob:
    """The content at a path of one commit. Of a symlink, ``data`` is the link's text, never what it points to.

    ``size`` is the true size in bytes; ``data`` is cut at the limit the caller gave, then ``truncated`` is true.
    """

    path: bytes
    kind: EntryKind
    size: int
    data: bytes
    object_id: str
    truncated: bool = False

    @property
    def binary(self) -> bool:
        """Whether this is shown as bytes, and not as text."""
        return is_binary(self.data)

    @property
    def utf16(self) -> bool:
        """Whether this is text in UTF-16 with its byte order mark."""
        return self.in_utf8() is not self

    def in_utf8(self) -> "Blob":
        """The same with its text in UTF-8 where it is in UTF-16; ``size`` stays that of the file."""
        data = utf8_of(self.data, truncated=self.truncated)
        return self if data is self.data else replace(self, data=data)


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """A change of one full ref name.

    Git: ``refs/heads/main``. Mercurial: ``heads/<branch>`` carries a set of heads as hex text joined by ``,``;
    ``bookmarks/<name>`` one commit. ``old`` and ``new`` are None where the ref did not or does not exist.
    """

    name: bytes
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class RefState:
    """Everything that names commits, read at one moment.

    ``fingerprint`` is cheap to compute and differs whenever a ref may have changed (state of the files that hold
    refs). ``refs`` maps full names, as in RefUpdate, to values.
    """

    fingerprint: str
    refs: dict[bytes, str]
