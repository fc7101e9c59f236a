"""What every engine can do. An index holds documents; an engine has one that is asked, and makes others aside.

An index answers from its own lists of words and trigrams. What these cannot tell exactly is decided by
``finding``, in the same way for every engine, so that all give the same hits.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kallithea.core.errors import KallitheaError
from kallithea.search.documents import DocumentKind, Facts, KnownFile, Update
from kallithea.search.query import Leaf, Node


class SearchError(KallitheaError):
    """The index cannot be used; the message says why."""


class TooCostlyError(SearchError):
    """A query took longer than a query may."""


class Candidate(NamedTuple):
    """A document that may be meant: the number that the index knows it by, and the facts by which hits are counted."""

    document_id: int
    kind: int
    repository_id: int
    language: str
    branch: str
    landing: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is searched: in these repositories and nowhere else, for so long and so many documents of a kind at most.

    ``kind`` is the one that is shown, and ``alone`` the only one that is meant: others are but counted.
    """

    repository_ids: Collection[int]
    kind: DocumentKind
    limit: int
    seconds: float
    alone: bool = False


class Index(Protocol):
    """One generation of an index, open."""

    @property
    def generation(self) -> str:
        """Its name."""
        ...

    @property
    def outdated(self) -> bool:
        """Whether an earlier version made it that kept texts otherwise: it answers, and is to be made anew."""
        ...

    def count(self) -> int:
        """How many documents it has."""
        ...

    def candidates(self, query: Node, scope: Scope) -> list[Candidate]:
        """Documents of the scope that may meet the query; of a kind with very many, ``scope.limit`` of them.

        Those on the branches that pages begin with come before all others of their kind; of either, if it is that which
        is shown, the best come first. All that do meet the query are among them; those that do not are only there for
        what ``tells`` says no of.
        Raises TooCostlyError, SearchError.
        """
        ...

    def tells(self, leaf: Leaf) -> bool:
        """Whether candidates of this index do meet such a leaf, or only may."""
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

    def drop_unfinished(self) -> None:
        """Drop the generations that were begun and never asked; for who alone makes any."""
        ...

    def size(self) -> int:
        """Bytes that the index takes."""
        ...
