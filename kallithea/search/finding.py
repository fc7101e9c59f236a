"""Finding what is shown: candidates of an index, held against the query where the index cannot tell, and counted."""

import collections
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search.documents import DocumentKind, Facts
from kallithea.search.engine import Candidate, Index, Scope, TooCostlyError
from kallithea.search.matching import Reading, matches
from kallithea.search.query import And, Node, conjuncts

#: Documents that are counted; of more, the best ranked.
MOST_CANDIDATES = 10_000
#: Bytes that are read to decide about candidates.
MOST_READ = 24_000_000
SECONDS = 5.0

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is chosen beside the query: nothing means all."""

    kind: DocumentKind = DocumentKind.CODE
    repository_ids: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found."""

    facts: Facts
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits of one kind, and how many there are: of each kind, in each repository, in each language.

    Repositories and languages are those of the kind; each counts what the choice of others leaves. ``whole`` is False
    where there is more than was looked at.
    """

    hits: tuple[Hit, ...]
    total: int
    kinds: dict[DocumentKind, int]
    repositories: tuple[tuple[int, int], ...]
    languages: tuple[tuple[str, int], ...]
    whole: bool


def find(
    index: Index,
    query: Node,
    repository_ids: Collection[int],
    narrowing: Narrowing,
    *,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """What meets the query in these repositories. Raises TooCostlyError, SearchError."""
    deadline = time.monotonic() + SECONDS
    scope = Scope(repository_ids, MOST_CANDIDATES + 1, SECONDS)
    candidates = index.candidates(query, scope)
    whole = len(candidates) <= MOST_CANDIDATES
    found = candidates[:MOST_CANDIDATES]
    if not plans.is_exact(query):
        found, looked = _verify(index, query, found, deadline)
        whole = whole and looked
    return _page(index, found, narrowing, range(offset, offset + limit), whole=whole)


def _verify(
    index: Index, query: Node, candidates: Sequence[Candidate], deadline: float
) -> tuple[list[Candidate], bool]:
    """Those that do meet the query, and whether all were looked at."""
    open_parts = And(tuple(part for part in conjuncts(query) if not plans.is_exact(part)))
    with_text = plans.needs_text(open_parts)
    found, read = list[Candidate](), 0
    for start in range(0, len(candidates), _BATCH):
        batch = candidates[start : start + _BATCH]
        meeting = set()
        for number, reading in _readings(index, [one.document_id for one in batch], with_text=with_text):
            if matches(open_parts, reading):
                meeting.add(number)
            read += len(reading.body)
        found += [one for one in batch if one.document_id in meeting]
        if read > MOST_READ:
            return found, start + _BATCH >= len(candidates)
        if time.monotonic() > deadline:
            raise TooCostlyError(
                _("This took too long: add a word, or name a repository, a path or a language with it.")
            )
    return found, True


def _readings(index: Index, ids: Sequence[int], *, with_text: bool) -> Iterator[tuple[int, Reading]]:
    if with_text:
        yield from ((number, Reading(facts, body)) for number, facts, body in index.texts(ids))
    else:
        yield from ((number, Reading(facts)) for number, facts in index.facts(ids))


def _page(index: Index, found: Sequence[Candidate], narrowing: Narrowing, span: range, *, whole: bool) -> Found:
    chosen, spoken = narrowing.repository_ids, narrowing.languages
    kinds: collections.Counter[int] = collections.Counter()
    repositories: collections.Counter[int] = collections.Counter()
    languages: collections.Counter[str] = collections.Counter()
    hits = list[int]()
    for number, kind, repository_id, language in found:
        in_repository = not chosen or repository_id in chosen
        in_language = not spoken or language in spoken
        if in_repository and in_language:
            kinds[kind] += 1
        if kind != narrowing.kind:
            continue
        if in_language:
            repositories[repository_id] += 1
        if in_repository and language:
            languages[language] += 1
        if in_repository and in_language:
            hits.append(number)
    shown = index.texts(hits[span.start : span.stop])
    return Found(
        tuple(Hit(facts, body.decode()) for _number, facts, body in shown),
        len(hits),
        {DocumentKind(kind): count for kind, count in kinds.items()},
        tuple(repositories.most_common()),
        tuple(languages.most_common()),
        whole,
    )
