"""What every engine can do. An index holds documents; an engine has one that is asked, and makes others aside.

An index answers from its own lists of words and trigrams. What these cannot tell exactly is decided by
``finding``, in the same way for every engine, so that all give the same hits.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kallithea.core.errors import KallitheaError
from kallithea.search.documents import Facts, KnownFile, Update
from kallithea.search.query import Node


class SearchError(KallitheaError):
    """The index cannot be used; the message says why."""


class TooCostlyError(SearchError):
    """A query took longer than a query may."""


class Candidate(NamedTuple):
    """A document that may be meant: the number that the index knows it by, its kind, repository and language."""

    document_id: int
    kind: int
    repository_id: int
    language: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is searched: in these repositories and nowhere else, for at most so long and so many documents."""

    repository_ids: Collection[int]
    limit: int
    seconds: float


class Index(Protocol):
    """One generation of an index, open."""

    def candidates(self, query: Node, scope: Scope) -> list[Candidate]:
        """Documents of the scope that may meet the query, the best first; of very many, ``scope.limit`` of them.

        All that do meet it are among them; those that do not are only there for what ``plans.is_exact`` says no of.
        Raises TooCostlyError, SearchError.
        """
        ...

    def facts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts]]:
        """Number and facts of documents, in the same order; those that are gone are left out."""
        ...

    def texts(self, document_ids: Sequence[int]) -> Iterator[tuple[int, Facts, bytes]]:
        """The same with their texts in UTF-8."""
        ...

    def files(self, repository_id: int, branch: str) -> Mapping[str, KnownFile]:
        """The files of a branch by their addresses."""
        ...

    def commit_ids(self, repository_id: int) -> set[str]:
        """The commits of a repository."""
        ...

    def states(self, repository_ids: Iterable[int] | None = None) -> dict[int, str]:
        """What is remembered for the next update of each repository; None asks for all."""
        ...

    def apply(self, update: Update) -> None:
        """Take an update whole, on the disk when this returns."""
        ...

    def forget(self, repository_id: int) -> None:
        """Drop all that belongs to a repository."""
        ...

    def close(self) -> None:
        """Free what the index holds."""
        ...


class SearchEngine(Protocol):
    """Where indexes live, and which one is asked."""

    def open(self) -> contextlib.AbstractContextManager[Index]:
        """The index that is asked; an empty one is made where there is none. Raises SearchError."""
        ...

    def begin(self) -> str:
        """Make an empty generation aside; the answer names it."""
        ...

    def open_generation(self, name: str) -> contextlib.AbstractContextManager[Index]:
        """A generation by its name. Raises SearchError."""
        ...

    def switch(self, name: str) -> None:
        """Have this generation asked from now on, in one step, and drop the others."""
        ...

    def size(self) -> int:
        """Bytes that the index takes."""
        ...
