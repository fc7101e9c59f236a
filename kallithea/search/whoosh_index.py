"""An index of Whoosh's in a folder that several machines may share."""

import collections
import contextlib
import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from whoosh.index import EmptyIndexError, FileIndex

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search.documents import FILES, DocumentKind, Facts, KnownFile, Skipped, Update
from kallithea.search.engine import Candidate, Scope, SearchError
from kallithea.search.matching import Reading, matches
from kallithea.search.query import And, Leaf, Node, conjuncts
from kallithea.search.whoosh_query import Deadline, Segment, tells
from kallithea.search.whoosh_schema import (
    SCHEMA,
    facts_of,
    lot_of,
    lots_of,
    place_of,
    row_of,
    state_key,
    state_row,
    unpack,
)
from kallithea.search.whoosh_storage import INDEX_NAME, IndexFolder, OvertakenError
from kallithea.search.whoosh_vocabularies import Vocabularies
from kallithea.search.whoosh_writing import Check, Writer, writing

#: Waits until it is our turn to write; what it gives raises as soon as it is somebody else's. Raises SearchError.
Turns = Callable[[], AbstractContextManager[Check]]


#: A candidate after what sorts it.
_Ranked = tuple[tuple[bool, float, int, int], Candidate]


class WhooshIndex:
    """Implements ``engine.Index``: a commit as it was when this was opened, or when it was written to last."""

    #: All versions make the same.
    outdated = False

    def __init__(self, folder: Path, turns: Turns, vocabularies: Vocabularies, *, alone: bool) -> None:
        """``alone``: nobody asks here yet. Raises SearchError."""
        self.written = False
        self.generation = folder.name
        self._folder = folder
        self._turns = turns
        self._vocabularies = vocabularies
        self._alone = alone
        self._searcher = self._open()

    def count(self) -> int:
        """See ``engine.Index``. What is remembered of repositories are documents of Whoosh's, too."""
        return int(self._searcher.reader().doc_count()) - len(self.states())

    def tells(self, leaf: Leaf) -> bool:
        """See ``engine.Index``."""
        return tells(leaf)

    def candidates(self, query: Node, scope: Scope) -> list[Candidate]:
        """See ``engine.Index``."""
        deadline, best = Deadline(scope.seconds), _Best(scope.limit)
        with _told(_("The index cannot be read.")):
            segments = list(self._segments(scope, deadline))
            found = [segment.documents(query) for _first, segment in segments]
            cut = sum(map(len, found)) > scope.limit
            for (first, segment), documents in zip(segments, found, strict=True):
                admitted = self._admitted(first, documents, query, deadline) if cut else documents
                best.add(deadline.over(_ranked(first, segment, query, admitted)))
        return best.all()

    def facts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts]]:
        """See ``engine.Index``."""
        reader = self._searcher.reader()
        with _told(_("The index cannot be read.")):
            for number in document_ids:
                yield number, facts_of(reader.stored_fields(number)["stored"])

    def texts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts, bytes]]:
        """See ``engine.Index``."""
        if not document_ids:
            return
        with _told(_("The index cannot be read.")):
            texts = self._searcher.reader().column_reader("text")
            for number, facts in self.facts(document_ids):
                yield number, facts, unpack(texts[number])

    def files(self, repository_id: int, branch: str) -> Mapping[str, KnownFile]:
        """See ``engine.Index``."""
        rows = self._stored("lot", lot_of(repository_id, DocumentKind.FILE, branch))
        return {row[5]: KnownFile(row[6], Skipped(row[11])) for row in rows}

    def commit_ids(self, repository_id: int) -> set[str]:
        """See ``engine.Index``."""
        return {row[5] for row in self._stored("lot", lot_of(repository_id, DocumentKind.COMMIT, ""))}

    def states(self, repository_ids: Iterable[int] | None = None) -> dict[int, str]:
        """See ``engine.Index``."""
        with _told(_("The index cannot be read.")):
            keys = (
                [term.decode() for term in self._searcher.reader().lexicon("state")]
                if repository_ids is None
                else map(state_key, repository_ids)
            )
        return dict(row for key in keys for row in self._stored("state", key))

    def apply(self, update: Update) -> None:
        """See ``engine.Index``."""
        number = update.repository_id
        rows = [row_of(document) for document in update.documents]
        with self._writing() as writer:
            gone = [place_of(number, kind, update.branch, at) for kind in FILES for at in update.gone_files]
            gone += [place_of(number, DocumentKind.COMMIT, "", at) for at in update.gone_commits]
            lots = [lot_of(number, kind, branch) for kind in FILES for branch in update.gone_branches]
            if update.about:
                lots.append(lot_of(number, DocumentKind.REPOSITORY, ""))
            writer.delete_having("place", [term.encode() for term in gone])
            writer.delete_having("lot", [term.encode() for term in lots])
            if update.state is not None:
                writer.delete_having("state", [state_key(number).encode()])
                rows.append(state_row(number, update.state))
            for row in rows:
                writer.add_document(**row)

    def forget(self, repository_id: int) -> None:
        """See ``engine.Index``."""
        with self._writing() as writer:
            writer.delete_beginning("lot", lots_of(repository_id))
            writer.delete_having("state", [state_key(repository_id).encode()])

    def close(self) -> None:
        """See ``engine.Index``."""
        self._searcher.close()

    def _open(self) -> Any:
        try:
            return FileIndex(IndexFolder(self._folder), SCHEMA, INDEX_NAME).searcher()
        except (OSError, EmptyIndexError) as problem:
            raise SearchError(_("The index cannot be opened.")) from problem

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Writer]:
        with (
            self._turns() as check,
            _told(_("The index cannot be written.")),
            writing(self._folder, check, at_once=self._alone) as writer,
        ):
            yield writer
        self.written = True
        self.close()
        self._searcher = self._open()

    def _segments(self, scope: Scope, deadline: Deadline) -> Iterator[tuple[int, Segment]]:
        """Each with the number of its first document."""
        readable = frozenset(scope.repository_ids)
        for searcher, first in self._searcher.leaf_searchers():
            # an index without documents has a reader that knows no columns
            if searcher.doc_count_all():
                yield (
                    first,
                    Segment(searcher, self._vocabularies, deadline, readable, scope.kind if scope.alone else None),
                )

    def _admitted(self, first: int, documents: list[int], query: Node, deadline: Deadline) -> list[int]:
        """Those that meet what the query says of facts and words of the index do not tell: before any are cut."""
        parts = tuple(
            part for part in conjuncts(query) if not plans.is_exact(part, tells) and not plans.needs_text(part)
        )
        if not parts:
            return documents
        readings = self.facts([first + number for number in documents])
        return [number - first for number, facts in deadline.over(readings) if matches(And(parts), Reading(facts))]

    def _stored(self, field: str, term: str) -> list[Any]:
        """What is stored of all that have a term."""
        with _told(_("The index cannot be read.")):
            reader, key = self._searcher.reader(), term.encode()
            if (field, key) not in reader:
                return []
            return [reader.stored_fields(number)["stored"] for number in reader.postings(field, key).all_ids()]


def _ranked(first: int, segment: Segment, query: Node, documents: Iterable[int]) -> Iterator[_Ranked]:
    """The documents of a segment, each with what sorts it: the best have the least."""
    for number, rank in segment.ranks(query, documents).items():
        kind, landing, language, branch = segment.counted(number)
        candidate = Candidate(first + number, kind, segment.owner(number), language, branch, landing)
        yield (not landing, -rank, -segment.time(number), candidate.document_id), candidate


class _Best:
    """The best of each kind, of many that come one after another."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kinds: dict[int, list[_Ranked]] = collections.defaultdict(list)

    def add(self, found: Iterable[_Ranked]) -> None:
        for one in found:
            kept = self._kinds[one[1].kind]
            kept.append(one)
            if len(kept) > 2 * self._limit:
                kept[:] = heapq.nsmallest(self._limit, kept)

    def all(self) -> list[Candidate]:
        return [candidate for kept in self._kinds.values() for _order, candidate in heapq.nsmallest(self._limit, kept)]


@contextlib.contextmanager
def _told(words: str) -> Iterator[None]:
    try:
        yield
    except (OvertakenError, OSError) as problem:
        raise SearchError(words) from problem
