"""What the tables of an index in PostgreSQL have of a document."""

import hashlib
from collections.abc import Sequence
from typing import Any

from backports import zstd

from kallithea.search.documents import Document, DocumentKind, Facts
from kallithea.search.tokens import all_parts, words
from kallithea.search.trigrams import LENGTH, pieces

#: The columns that ``document_row`` fills.
DOCUMENT_COLUMNS = (
    "kind, repository_id, text_id, size, branch, landing, path, path_key, address, address_key, object_id, language,"
    " extension, author, author_key, at, skipped"
)
#: The columns that ``read_facts`` reads, of a table that is called d.
FACTS_COLUMNS = (
    "d.kind, d.repository_id, d.branch, d.landing, d.path, d.address, d.object_id, d.language, d.extension,"
    " d.author, d.at"
)

# A tsvector takes a megabyte of words (textsearch-limitations in PostgreSQL's manual); a letter has four bytes at most.
_MOST_LETTERS = 250_000
_LEVEL = 1
_ASCII_BITS = 7
_BITS = 21
_MOST_KNOWN = 1 << 18


def plain(text: str) -> str:
    """The text without what PostgreSQL cannot keep in one."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def digest_of(encoded: bytes) -> bytes:
    """By what a text is known again."""
    return hashlib.blake2b(encoded, digest_size=16).digest()


def address_key(branch: str, address: str) -> bytes:
    """A place in a repository; paths may be too long for an index."""
    return digest_of(f"{branch}\0{address}".encode())


def document_row(document: Document, text_id: int) -> tuple[Any, ...]:
    """See ``DOCUMENT_COLUMNS``."""
    facts = document.facts
    path, author = plain(facts.path), plain(facts.author)
    return (
        int(facts.kind),
        facts.repository_id,
        text_id,
        len(document.text),
        plain(facts.branch),
        facts.landing,
        path,
        path.lower(),
        plain(facts.address),
        address_key(facts.branch, facts.address),
        facts.object_id,
        facts.language,
        plain(facts.extension),
        author,
        author.lower(),
        facts.at,
        str(document.skipped),
    )


def read_facts(row: Sequence[Any]) -> Facts:
    """See ``FACTS_COLUMNS``."""
    return Facts(DocumentKind(row[0]), *row[1:])


def text_row(number: int, digest: bytes, text: str) -> tuple[Any, ...]:
    """A row of texts."""
    spelled = f" {' '.join(words(text))} "
    return number, digest, zstd.compress(text.encode(), _LEVEL), spelled, _numbers(text)


def unpack(body: bytes) -> bytes:
    """The text of a row of texts, in UTF-8."""
    return zstd.decompress(body)


def word_rows(text: str) -> list[str]:
    """The words and their parts, each once, as values of the type tsvector."""
    found = list(dict.fromkeys((*words(text), *all_parts(text))))
    shares = 1 + sum(map(len, found)) // _MOST_LETTERS
    # words are letters, digits and underscores, and need no further quoting
    return ["'" + "' '".join(found[first::shares]) + "'" for first in range(shares)] if found else []


def code(gram: str) -> int:
    """The number of a trigram; no other has the same."""
    bits = _ASCII_BITS if gram.isascii() else _BITS
    number = sum(ord(letter) << bits * place for place, letter in enumerate(gram))
    return number if gram.isascii() else -number


class _Codes(dict[str, str]):
    """Trigrams as numbers, written; those that are frequent are written once."""

    def __missing__(self, gram: str) -> str:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        written = self[gram] = str(code(gram))
        return written


_CODES = _Codes()


def _numbers(text: str) -> str:
    """The trigrams without white space as a value of the type bigint[]."""
    folded = pieces(text)
    grams = {folded[at : at + LENGTH] for at in range(len(folded) - LENGTH + 1)}
    return "{" + ",".join([_CODES[gram] for gram in grams if "\n" not in gram]) + "}"
