"""Writing a row whose name may just have been taken by somebody else."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kallithea.core.errors import ConflictError
from kallithea.core.words import _
from kallithea.model.conflict import is_duplicate
from kallithea.model.meta import Table


def insert(session: Session, row: Table, words: str) -> None:
    """Add the row now. Raises ConflictError with these words if a unique value of it exists; the unit stays usable."""
    with unique(session, words):
        session.add(row)


@contextlib.contextmanager
def unique(session: Session, words: str) -> Iterator[None]:
    """Write now what the block changes. Raises ConflictError with these words if a unique value of it exists.

    Asking first and writing then would leave a moment between the two; the unique constraint leaves none. The unit
    stays usable.
    """
    try:
        with session.begin_nested():
            yield
    except IntegrityError as problem:
        if is_duplicate(problem):
            raise ConflictError(words) from problem
        raise ConflictError(_("Something that this refers to has just been deleted. Try again.")) from problem
