"""From a query to the documents of one segment of an index of Whoosh's, and their ranks."""

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search.documents import DocumentKind
from kallithea.search.engine import TooCostlyError
from kallithea.search.matching import is_wild, literals
from kallithea.search.query import (
    After,
    And,
    Before,
    ByAuthor,
    InLanguage,
    InPath,
    InRepositories,
    Leaf,
    Node,
    Not,
    OnBranch,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Substring,
    WithExtension,
    Word,
    WordLeaf,
    leaves,
)
from kallithea.search.trigrams import LENGTH, plain_runs
from kallithea.search.whoosh_schema import Counted, day_of, lots_of, parse_counted
from kallithea.search.whoosh_vocabularies import Vocabularies

_RUN = re.compile(r"\w+")
_STEPS = 256
#: What the words of an index tell of a text, a path, or an author is only which words there are.
_INEXACT = (Substring, Pattern, InPath, ByAuthor)


def tells(leaf: Leaf) -> bool:
    """See ``engine.Index``."""
    return not isinstance(leaf, _INEXACT)


class Deadline:
    """When a query has taken too long, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raises TooCostlyError."""
        if time.monotonic() > self._end:
            raise TooCostlyError(
                _("This took too long: add a word, or name a repository, a path or a language with it.")
            )

    def over(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items, while there is time. Raises TooCostlyError."""
        for number, item in enumerate(items):
            if number % _STEPS == 0:
                self.check()
            yield item


class _Piece(NamedTuple):
    """Letters in a row within what is looked for; open where the word may go on."""

    text: bytes
    open_before: bool
    open_after: bool


class Segment:
    """One segment of an index while a query is asked."""

    def __init__(
        self,
        searcher: Any,
        vocabularies: Vocabularies,
        deadline: Deadline,
        readable: Collection[int],
        kind: DocumentKind | None,
    ) -> None:
        """``searcher`` is Whoosh's, for this segment; only documents of these repositories, and of a kind, matter."""
        self._searcher = searcher
        self._reader = searcher.reader()
        self._vocabularies = vocabularies
        self._deadline = deadline
        self._readable = readable
        self._kind = kind
        self._owners, self._counted, self._times = (
            self._reader.column_reader(name, translate=False) for name in ("repository", "counted", "at")
        )

    def owner(self, number: int) -> int:
        """The repository of a document."""
        return int(self._owners[number])

    def counted(self, number: int) -> Counted:
        """The other facts by which it is counted."""
        return parse_counted(self._counted[number])

    def time(self, number: int) -> int:
        """See ``Facts.at``."""
        return int(self._times[number])

    def documents(self, query: Node) -> list[int]:
        """Those that ``find`` gives and that matter."""
        return list(filter(self._matters, self.find(query)))

    def find(self, node: Node, *, wanted: bool = True) -> set[int]:
        """Numbers of documents that may meet the query: those that do, and some for what ``tells`` says no of."""
        self._deadline.check()
        match node:
            case And(operands):
                return set.intersection(*(self.find(operand, wanted=wanted) for operand in operands))
            case Or(operands):
                return set.union(*(self.find(operand, wanted=wanted) for operand in operands))
            case Not(operand):
                return self._all() - self.find(operand, wanted=not wanted)
            case Word() | Prefix() | Phrase():
                return self._words(node)
            case _ if not wanted and not tells(node):
                return set()
            case _:
                return self._leaf(node)

    def ranks(self, query: Node, documents: Iterable[int]) -> dict[int, float]:
        """How well the documents fit by the wanted words of the query: BM25F over their text."""
        ranks = dict.fromkeys(sorted(documents), 0.0)
        for word in _ranking_words(query):
            if ("words", word) in self._reader:
                self._add_ranks(ranks, self._searcher.postings("words", word))
            self._deadline.check()
        return ranks

    def _matters(self, number: int) -> bool:
        return self.owner(number) in self._readable and self._kind in (None, self.counted(number).kind)

    @staticmethod
    def _add_ranks(ranks: dict[int, float], matcher: Any) -> None:
        """From one document to the next: of a frequent word, whole blocks are passed over."""
        for number in ranks:
            if matcher.is_active():
                matcher.skip_to(number)
            if not matcher.is_active():
                return
            if matcher.id() == number:
                ranks[number] += matcher.score()

    def _all(self) -> set[int]:
        return set(self._deadline.over(self._reader.all_doc_ids()))

    def _words(self, leaf: WordLeaf) -> set[int]:
        match leaf:
            case Word(text):
                return self._having("words", [text.encode()]) | self._having("parts", [text.encode()])
            case Prefix(text):
                return self._beginning("words", text) | self._beginning("parts", text)
            case Phrase(words):
                return self._phrase([word.encode() for word in words])

    def _leaf(self, leaf: Leaf) -> set[int]:  # noqa: C901  # one case for each
        match leaf:
            case Substring(text):
                return self._containing("words", [text])
            case Pattern(text):
                return self._containing("words", [run.lower() for run in plain_runs(text)])
            case InPath(text):
                return self._containing("path_words", literals(text) if is_wild(text) else [text])
            case ByAuthor(text):
                return self._containing("author_words", [text])
            case WithExtension(text):
                return self._having("extension", [text.encode()])
            case InLanguage(text):
                return self._having("language", [text.encode()])
            case OnBranch(text):
                return self._having("branch", [text.encode()])
            case Before(moment):
                return self._at(moment.timestamp(), lambda at, limit: at < limit)
            case After(moment):
                return self._at(moment.timestamp(), lambda at, limit: at >= limit)
            case InRepositories(ids):
                return set[int]().union(*(self._beginning("lot", lots_of(number)) for number in ids))
            case _:
                raise TypeError("names of repositories are looked up before")

    def _phrase(self, words: Sequence[bytes]) -> set[int]:
        """Documents that have the words one after another.

        Whoosh's own query for that goes through the places of all documents that have a word, and takes ten times as
        long where words are frequent.
        """
        having = set.intersection(*(self._having("words", [word]) for word in set(words)))
        found = sorted(filter(self._matters, having))
        starts: dict[int, set[int]] = {}
        for offset, word in sorted(enumerate(words), key=lambda item: self._reader.doc_frequency("words", item[1])):
            if not found:
                return set()
            matcher = self._reader.postings("words", word)
            for number in self._deadline.over(found):
                matcher.skip_to(number)
                here = {place - offset for place in matcher.value_as("positions")}
                starts[number] = starts[number] & here if number in starts else here
            found = [number for number in found if starts[number]]
        return set(found)

    def _having(self, field: str, terms: Iterable[bytes]) -> set[int]:
        found = set[int]()
        for term in self._deadline.over(terms):
            if (field, term) in self._reader:
                found.update(self._reader.postings(field, term).all_ids())
        return found

    def _beginning(self, field: str, begin: str) -> set[int]:
        return self._having(field, self._reader.expand_prefix(field, begin))

    def _at(self, moment: float, admits: Callable[[float, float], bool]) -> set[int]:
        """Documents by their time: whole days, and of the moment's own day those that do."""
        day = day_of(moment).encode()
        days = [term for term in self._reader.lexicon("day") if term != day and admits(int(term), int(day))]
        same = {number for number in self._having("day", [day]) if admits(self.time(number), moment)}
        return self._having("day", days) | same

    def _containing(self, field: str, parts: Iterable[str]) -> set[int]:
        """Documents whose words of a field may be part of what has all these parts."""
        pieces = {piece for part in parts for piece in _pieces(part)}
        if not pieces:
            return self._all()
        vocabulary = self._vocabularies.get(self._reader, field, self._deadline.over)
        found: set[int] | None = None
        for piece in sorted(pieces, key=lambda piece: -len(piece.text)):
            terms = vocabulary.find(piece.text, piece.open_before, piece.open_after)
            having = self._having(field, terms)
            found = having if found is None else found & having
        return (found or set()) | self._having("long", [field.encode()])


def _pieces(part: str) -> list[_Piece]:
    """The words, and parts of words at its ends, that every text has which has the part (in lower case)."""
    found = [_Piece(run[0].encode(), run.start() == 0, run.end() == len(part)) for run in _RUN.finditer(part)]
    # a letter or two in a word narrows nothing
    return [piece for piece in found if len(piece.text) >= LENGTH or not (piece.open_before or piece.open_after)]


def _ranking_words(query: Node) -> Iterator[bytes]:
    for part in plans.ranking(query):
        for leaf, _wanted in leaves(part):
            if isinstance(leaf, Word):
                yield leaf.text.encode()
            elif isinstance(leaf, Phrase):
                yield from (word.encode() for word in leaf.words)
