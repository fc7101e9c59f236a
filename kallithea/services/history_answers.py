"""Answers that depend on all of the history behind a commit, kept under the commit's id."""

from typing import Protocol

from kallithea.cache.stores import Store


class Source(Protocol):
    """What tells the answer: a repository, or two that are compared."""

    @property
    def shallow(self) -> bool:
        """See ``backend.Repository``."""
        ...


def keep_answer(store: Store, source: Source, key: str, answer: bytes) -> None:
    """Keep it for as long as it is right: not at all where the history is shallow, because it can be deepened."""
    if not source.shallow:
        store.put(key, answer)
