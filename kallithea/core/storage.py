"""Storage that is full, or may not be written to: no fault of what was asked, and reading goes on.

The one place that tells both from other faults of the system; ``model.unwritable`` does so for databases.
"""

import enum
import errno
import os
import re

from kallithea.core.errors import UnavailableError
from kallithea.core.words import _

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)

# the last is of git, where a write was cut short
_SAYS_FULL = re.compile("|".join((*map(os.strerror, _FULL), "Out of diskspace")).encode())
# a program that was not permitted something may have wanted to read
_SAYS_READ_ONLY = re.compile(
    rb"%s|insufficient permission for adding|[Uu]nable to create [^\n]*: (?:%s)"
    % (os.strerror(errno.EROFS).encode(), "|".join(map(os.strerror, _READ_ONLY)).encode())
)


class StorageFault(enum.Enum):
    """What is wrong with storage; the value says it."""

    FULL = _("The server's disk, or its share of it, is full. Nothing was changed.")
    READ_ONLY = _("This server is read-only at the moment. Nothing was changed; try again later.")


class StorageError(UnavailableError):
    """What was to be written was not, since there is no room, ``full``, or since nothing can be written there."""

    def __init__(self, fault: StorageFault) -> None:
        super().__init__(fault.value)
        self.full = fault is StorageFault.FULL

    def describe(self) -> str:
        """What the operator has to know: what the system, the database or a program has said."""
        return "\n".join(map(str, filter(None, (self.__cause__, *getattr(self, "__notes__", ())))))


def find_storage_fault(problem: OSError) -> StorageFault | None:
    """What the system's refusal of something that writes says of the storage; None where it says something else."""
    if problem.errno in _FULL:
        return StorageFault.FULL
    return StorageFault.READ_ONLY if problem.errno in _READ_ONLY else None


def find_told_fault(said: bytes) -> StorageFault | None:
    """The same of what another program has said in English of its failure."""
    if _SAYS_FULL.search(said):
        return StorageFault.FULL
    return StorageFault.READ_ONLY if _SAYS_READ_ONLY.search(said) else None
