"""What a bundle of a whole history is made by, which clients of Mercurial take before they pull the rest."""

from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol


class CloneBundling(Protocol):
    """An open repository. Close it."""

    def heads(self) -> tuple[str, ...]:
        """Ids of the heads that visitors see, in order."""

    def shows(self, heads: Sequence[str]) -> bool:
        """Whether visitors see all of these changesets, and so all that these descend from."""

    def write(self, heads: Sequence[str], file: BinaryIO, spool: BinaryIO, check: Callable[[], None]) -> None:
        """Write the answer to a client that asks for the bundle of these changesets and all their ancestors.

        The file is written forwards only; ``spool`` takes the same first, because the length comes before it. ``check``
        is called for each piece; what it raises ends the writing. Raises VcsError.
        """

    def close(self) -> None:
        """Free what the repository holds."""
