"""Rows of plain values, without the session's bookkeeping, which takes longer than what every page asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import Session


def plain_rows(session: Session, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """All rows of a statement about columns, run in the session's transaction, after what is pending there."""
    session.flush()
    return session.connection().execute(statement, parameters).all()
