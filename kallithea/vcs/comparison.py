"""What lies between commits of two repositories, such as a repository and its fork, or of one and the same."""

import types
from typing import Protocol, Self

from kallithea.vcs.backend import Diffs
from kallithea.vcs.history import AheadBehind, LogPage


class Comparison(Diffs, Protocol):
    """Two open repositories of one kind. Nothing is written to either. Use it from one thread, and close it.

    ``base`` is the id of a commit of the first repository, ``tip`` of one of the second; of ``Sides``, ``old`` is of
    either, ``new`` of the second. Every call raises RevisionNotFoundError for what is none.
    """

    @property
    def shallow(self) -> bool:
        """Whether older history of either is left out that may come later."""
        ...

    def merge_bases(self, base: str, tip: str) -> tuple[str, ...]:
        """Common ancestors that are not ancestors of other common ones, in no order that means anything."""
        ...

    def merge_base(self, base: str, tip: str) -> str | None:
        """The merge base that a merge would begin with; None where two histories have nothing in common."""
        ...

    def ahead_behind(self, tip: str, base: str) -> AheadBehind:
        """What ``tip`` has that ``base`` has not, and the other way round."""
        ...

    def added(self, base: str, tip: str, *, offset: int = 0, limit: int = 50) -> LogPage:
        """Ancestors of ``tip``, itself included, that are none of ``base``, in the order of ``Log.log``."""
        ...

    def close(self) -> None:
        """Free file handles and child processes."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: types.TracebackType | None
    ) -> None: ...
