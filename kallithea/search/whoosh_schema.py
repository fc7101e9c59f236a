"""What an index of Whoosh's has of a document. The format of the files is Whoosh's own (``whoosh.codec.whoosh3``)."""

import collections
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from backports import zstd
from whoosh import columns, fields, formats

from kallithea.search.documents import Document, DocumentKind, Facts
from kallithea.search.tokens import LONGEST_WORD, all_parts, words

_LEVEL = 1
_DAY = 86_400
_LONG = re.compile(rf"\w{{{LONGEST_WORD + 1}}}")


class Terms(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """Terms as they are given, of which only is known who has them."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(self, value: Iterable[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each term, how often it is there, its weight, and what is stored with it."""
        return ((term.encode(), 1, 1.0, b"") for term in set(value))


class Words(fields.FieldType):  # type: ignore[misc]
    """Words with their places: found also in phrases, and ranked by how frequent they are."""

    def __init__(self) -> None:
        super().__init__(formats.Positions(), None, scorable=True)

    def index(self, value: Iterable[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """See ``Terms.index``."""
        places: dict[str, list[int]] = collections.defaultdict(list)
        for place, word in enumerate(value):
            places[word].append(place)
        encode = self.format.encode
        return ((word.encode(), len(found), float(len(found)), encode(found)) for word, found in places.items())


#: ``lot`` and ``place`` are what updates name. ``long`` names the fields in which runs of letters are too long for
#: words. ``state`` is that of a repository, which is no document: it has nothing else.
SCHEMA = fields.Schema(
    words=Words(),
    parts=Terms(),
    path_words=Terms(),
    author_words=Terms(),
    long=Terms(),
    extension=Terms(),
    language=Terms(),
    branch=Terms(),
    day=Terms(),
    lot=Terms(),
    place=Terms(),
    state=Terms(),
    repository=fields.COLUMN(columns.NumericColumn("i", default=-1)),
    at=fields.COLUMN(columns.NumericColumn("q")),
    counted=fields.COLUMN(columns.VarBytesColumn()),
    text=fields.COLUMN(columns.VarBytesColumn()),
    stored=fields.STORED(),
)


class Counted(NamedTuple):
    """The facts by which hits are counted, beside the repository."""

    kind: int
    landing: bool
    language: str
    branch: str


def row_of(document: Document) -> dict[str, Any]:
    """The fields of a document. Raises UnicodeEncodeError."""
    facts, text = document.facts, document.text
    path, author = facts.path.lower(), facts.author.lower()
    long = [
        name
        for name, value in (("words", text), ("path_words", path), ("author_words", author))
        if _LONG.search(value.lower())
    ]
    return {
        "words": words(text),
        "parts": all_parts(text),
        "path_words": words(path),
        "author_words": words(author),
        "long": long,
        "extension": [facts.extension],
        "language": [facts.language.lower()],
        "branch": [facts.branch],
        "day": [day_of(facts.at)] if facts.at > 0 else [],
        "lot": [lot_of(facts.repository_id, facts.kind, facts.branch)],
        "place": [place_of(facts.repository_id, facts.kind, facts.branch, facts.address)],
        "repository": facts.repository_id,
        "at": facts.at,
        "counted": f"{int(facts.kind)}\0{int(facts.landing)}\0{facts.language}\0{facts.branch}".encode(),
        "text": zstd.compress(text.encode(), _LEVEL),
        "stored": (*_stored(facts), str(document.skipped)),
    }


def state_row(repository_id: int, state: str) -> dict[str, Any]:
    """The fields of what is remembered of a repository."""
    return {"state": [state_key(repository_id)], "stored": (repository_id, state)}


def _stored(facts: Facts) -> tuple[Any, ...]:
    place = (int(facts.kind), facts.repository_id, facts.branch, facts.landing, facts.path, facts.address)
    return (*place, facts.object_id, facts.language, facts.extension, facts.author, facts.at)


def facts_of(stored: tuple[Any, ...]) -> Facts:
    """The facts of a document from what is stored of it."""
    return Facts(DocumentKind(stored[0]), *stored[1:11])


def unpack(text: bytes) -> bytes:
    """A text in UTF-8 from its column."""
    return zstd.decompress(text)


@functools.lru_cache(maxsize=4096)
def parse_counted(value: bytes) -> Counted:
    """From the column to what it says."""
    kind, landing, language, branch = value.decode().split("\0", 3)
    return Counted(int(kind), landing == "1", language, branch)


def day_of(at: float) -> str:
    """The day of a moment in seconds since 1970, in letters that sort as days do."""
    return f"{int(at // _DAY):08d}"


def lots_of(repository_id: int) -> str:
    """How all lots of a repository begin."""
    return f"{repository_id} "


def lot_of(repository_id: int, kind: DocumentKind, branch: str) -> str:
    """The documents of one kind on a branch."""
    return f"{lots_of(repository_id)}{int(kind)} {branch}"


def place_of(repository_id: int, kind: DocumentKind, branch: str, address: str) -> str:
    """Where one document is, as a term that is never long."""
    digest = hashlib.blake2b(f"{branch}\0{address}".encode(), digest_size=16).hexdigest()
    return f"{lots_of(repository_id)}{int(kind)} {digest}"


def state_key(repository_id: int) -> str:
    """The term of what is remembered of a repository."""
    return str(repository_id)
