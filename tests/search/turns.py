"""Turns to write where nobody else does."""

import contextlib
from collections.abc import Callable, Iterator


def _nothing() -> None:
    """It is still our turn."""


@contextlib.contextmanager
def always() -> Iterator[Callable[[], None]]:
    """See ``whoosh_index.Turns``."""
    yield _nothing
