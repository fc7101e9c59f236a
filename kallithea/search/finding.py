"""Finding what is shown: candidates of an index, held against the query where the index cannot tell, and counted."""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.words import _
from kallithea.search import plans
from kallithea.search.documents import FILES, DocumentKind, Facts
from kallithea.search.engine import Candidate, Index, Scope, TooCostlyError
from kallithea.search.matching import Reading, matches, shows_all_branches
from kallithea.search.query import And, InLanguage, Node, OnBranch, Or, conjuncts

#: Documents of a kind that are looked at; of more, the best ranked.
MOST_CANDIDATES = 10_000
#: Bytes that are read to decide about candidates: those of the kind that is shown, and all others.
MOST_READ = 24_000_000
SECONDS = 5.0

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is chosen beside the query: nothing means all, of branches those that pages begin with.

    A choice of branches leaves what lies on none. Of repositories None means all: a choice may name none that is there.
    ``systems`` are version-control systems of repositories.
    """

    kind: DocumentKind = DocumentKind.CODE
    repository_ids: frozenset[int] | None = None
    languages: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    systems: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found."""

    facts: Facts
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits of one kind, and how many there are of each kind, and in each repository and the like.

    Repositories, systems, languages and branches are those of the kind; each counts what the choice of others leaves,
    branches also where nobody has chosen them. ``whole`` is False where there is more of what is chosen than was looked
    at. ``deadline`` is when the page has taken as long as it may, by ``time.monotonic``.
    """

    hits: tuple[Hit, ...]
    total: int
    kinds: dict[DocumentKind, int]
    repositories: tuple[tuple[int, int], ...]
    systems: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    branches: tuple[tuple[str, int], ...]
    whole: bool
    deadline: float


def find(
    index: Index,
    query: Node,
    repositories: Mapping[int, str],
    narrowing: Narrowing,
    *,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """What meets the query in these repositories. Raises TooCostlyError, SearchError.

    ``repositories`` has the version-control system of each by its id: no index knows them.
    Where there is more of the kind than is looked at, what is chosen is asked for by itself: it may be what was not
    looked at. What other choices would leave is then only known of what was.
    """
    deadline = time.monotonic() + SECONDS
    chosen = _Chosen(narrowing, repositories, all_branches=shows_all_branches(query))
    found, whole = _look(index, query, repositories, narrowing.kind, deadline)
    counted = _count(found, chosen)
    if not whole and chosen.among_the_kind:
        found, whole = _look(
            index, _narrowed(query, narrowing), chosen.repository_ids(), narrowing.kind, deadline, alone=True
        )
        counted = _count(found, chosen).beside(counted)
    span = slice(offset, offset + limit)
    return _page(index, counted, span, whole=whole, deadline=deadline)


def _look(
    index: Index,
    query: Node,
    repository_ids: Collection[int],
    kind: DocumentKind,
    deadline: float,
    *,
    alone: bool = False,
) -> tuple[list[Candidate], bool]:
    """What meets the query, and whether that is all there is of the kind. Others are looked at last."""
    scope = Scope(repository_ids, kind, MOST_CANDIDATES + 1, deadline - time.monotonic(), alone)
    candidates = index.candidates(query, scope)
    found = [one for one in candidates if one.kind == kind]
    others = [one for one in candidates if one.kind != kind]
    whole = len(found) <= MOST_CANDIDATES
    found = found[:MOST_CANDIDATES]
    if not plans.is_exact(query, index.tells):
        found, looked = _verify(index, query, found, deadline)
        others, _looked = _verify(index, query, others, deadline)
        whole = whole and looked
    return [*found, *others], whole


def _narrowed(query: Node, narrowing: Narrowing) -> Node:
    """The query with the languages and branches that are chosen."""
    parts = [query]
    if narrowing.languages:
        parts.append(Or(tuple(InLanguage(name.lower()) for name in sorted(narrowing.languages))))
    if narrowing.branches and narrowing.kind in FILES:
        parts.append(Or(tuple(map(OnBranch, sorted(narrowing.branches)))))
    return And(tuple(parts)) if len(parts) > 1 else query


def _verify(
    index: Index, query: Node, candidates: Sequence[Candidate], deadline: float
) -> tuple[list[Candidate], bool]:
    """Those that do meet the query, and whether all were looked at."""
    open_parts = And(tuple(part for part in conjuncts(query) if not plans.is_exact(part, index.tells)))
    with_text = plans.needs_text(open_parts)
    found, read = list[Candidate](), 0
    for start in range(0, len(candidates), _BATCH):
        batch = {one.document_id: one for one in candidates[start : start + _BATCH]}
        for number, reading in _readings(index, list(batch), with_text=with_text):
            if read > MOST_READ:
                return found, False
            if time.monotonic() > deadline:
                raise TooCostlyError(
                    _("This took too long: add a word, or name a repository, a path or a language with it.")
                )
            if _is_still(batch[number], reading.facts) and matches(open_parts, reading):
                found.append(batch[number])
            read += len(reading.body)
    return found, True


def _is_still(candidate: Candidate, facts: Facts) -> bool:
    """Whether a number means what it meant: one that went may have come again, in a repository that nobody may read."""
    return (candidate.repository_id, candidate.kind) == (facts.repository_id, facts.kind)


def _readings(index: Index, ids: Sequence[int], *, with_text: bool) -> Iterator[tuple[int, Reading]]:
    if with_text:
        yield from ((number, Reading(facts, body)) for number, facts, body in index.texts(ids))
    else:
        yield from ((number, Reading(facts)) for number, facts in index.facts(ids))


class _Chosen:
    """What a narrowing admits."""

    def __init__(self, narrowing: Narrowing, systems: Mapping[int, str], *, all_branches: bool) -> None:
        self.kind = narrowing.kind
        self.systems = systems
        self._narrowing = narrowing
        self._all_branches = all_branches

    @property
    def among_the_kind(self) -> bool:
        """Whether there is a choice beside the kind."""
        narrowing = self._narrowing
        return narrowing.repository_ids is not None or bool(
            narrowing.languages or narrowing.branches or narrowing.systems
        )

    def repository_ids(self) -> list[int]:
        """The repositories that are searched, as far as they are chosen, each itself and by its system."""
        return [number for number in self.systems if self.repository(number) and self.system(number)]

    def repository(self, number: int) -> bool:
        chosen = self._narrowing.repository_ids
        return chosen is None or number in chosen

    def system(self, number: int) -> bool:
        chosen = self._narrowing.systems
        return not chosen or self.systems[number] in chosen

    def language(self, one: Candidate) -> bool:
        chosen = self._narrowing.languages
        return not chosen or one.language in chosen

    def branch(self, one: Candidate) -> bool:
        chosen = self._narrowing.branches
        if not one.branch:
            return True
        return one.branch in chosen if chosen else self._all_branches or bool(one.landing)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is shown of what was found, and how many there are: see ``Found``."""

    hits: list[Candidate] = field(default_factory=list)
    kinds: Counter[int] = field(default_factory=Counter)
    repositories: Counter[int] = field(default_factory=Counter)
    systems: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    branches: Counter[str] = field(default_factory=Counter)

    def add(self, one: Candidate, chosen: _Chosen) -> None:
        """Count a document in every place where the other choices leave it."""
        number = one.repository_id
        repository, system = chosen.repository(number), chosen.system(number)
        language, branch = chosen.language(one), chosen.branch(one)
        if repository and system and language and branch:
            self.kinds[one.kind] += 1
        if one.kind != chosen.kind:
            return
        if system and language and branch:
            self.repositories[number] += 1
        if repository and language and branch:
            self.systems[chosen.systems[number]] += 1
        if repository and system and branch and one.language:
            self.languages[one.language] += 1
        if repository and system and language and one.branch:
            self.branches[one.branch] += 1
        if repository and system and language and branch:
            self.hits.append(one)

    def beside(self, other: "_Counted") -> "_Counted":
        """These hits; of each number the larger one: neither counted what is not there."""
        return _Counted(
            self.hits,
            self.kinds | other.kinds,
            self.repositories | other.repositories,
            self.systems | other.systems,
            self.languages | other.languages,
            self.branches | other.branches,
        )


def _count(found: Sequence[Candidate], chosen: _Chosen) -> _Counted:
    counted = _Counted()
    for one in found:
        counted.add(one, chosen)
    return counted


def _page(index: Index, counted: _Counted, span: slice, *, whole: bool, deadline: float) -> Found:
    shown = {one.document_id: one for one in counted.hits[span]}
    return Found(
        tuple(
            Hit(facts, body.decode())
            for number, facts, body in index.texts(list(shown))
            if _is_still(shown[number], facts)
        ),
        len(counted.hits),
        {DocumentKind(kind): min(count, MOST_CANDIDATES) for kind, count in counted.kinds.items()},
        tuple(counted.repositories.most_common()),
        tuple(counted.systems.most_common()),
        tuple(counted.languages.most_common()),
        tuple(counted.branches.most_common()),
        whole,
        deadline,
    )
