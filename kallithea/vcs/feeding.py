"""How much is told at once to who indexes or counts: more would be too large for the memory of a process."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from kallithea.core.words import _n
from kallithea.vcs.types import TooLargeError

#: Files of a commit that are listed.
MOST_FILES = 500_000

#: Files that the commits of one question have changed.
MOST_CHANGES = 1_000_000

Item = TypeVar("Item")


def bounded(items: Iterable[Item], most: int) -> Iterator[Item]:
    """The items. Raises TooLargeError where there are more."""
    for count, item in enumerate(items):
        if count >= most:
            raise TooLargeError(
                _n(
                    "There is more than %(count)s file, too many to be looked through.",
                    "There are more than %(count)s files, too many to be looked through.",
                    most,
                )
            )
        yield item
