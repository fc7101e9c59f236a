"""What is indexed: documents, each with one text and with facts by which searches are narrowed.

A file is two documents: its path, which is found as a name, and its content, where that is text worth searching.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class DocumentKind(enum.IntEnum):
    """What a document is; the text is the content, the path, the message, or the path and the description."""

    CODE = 1
    FILE = 2
    COMMIT = 3
    REPOSITORY = 4


#: The kinds that a file is, and that lie on branches.
FILES = (DocumentKind.CODE, DocumentKind.FILE)


class Skipped(enum.StrEnum):
    """Why the content of a file is not searched. GENERATED is told by its path, MADE by what is in it."""

    NO = ""
    NAME = "name"
    VENDORED = "vendored"
    GENERATED = "generated"
    MADE = "made"
    BINARY = "binary"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters ask of a document.

    ``branch`` is empty for what lies on none; ``landing``: whether it is the one that pages begin with. ``path`` is
    what people read, of a commit all its changed paths, one in a line; ``address`` is the path as in an address, which
    names it exactly. ``object_id`` is the version of the file, or the commit. ``at`` is in seconds since 1970, 0 where
    nothing has a date.
    """

    kind: DocumentKind
    repository_id: int
    branch: str = ""
    landing: bool = True
    path: str = ""
    address: str = ""
    object_id: str = ""
    language: str = ""
    extension: str = ""
    author: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """Facts and text. Of a file's name, ``skipped`` says why there is no document of its content."""

    facts: Facts
    text: str
    skipped: Skipped = Skipped.NO


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it is in the index."""

    object_id: str
    skipped: Skipped


@dataclass(frozen=True, slots=True)
class Update:
    """A step that an index takes whole or not at all.

    First goes what is named: the files at addresses of ``branch``, commits by id, whole branches, and with ``about``
    what was known of the repository itself. Then ``documents`` come. ``state`` is what the index remembers for the
    next update, None to leave it.
    """

    repository_id: int
    branch: str = ""
    gone_files: Sequence[str] = ()
    gone_commits: Sequence[str] = ()
    gone_branches: Sequence[str] = ()
    documents: Sequence[Document] = ()
    about: bool = False
    state: str | None = None
