"""Answers that depend on all of the history behind a commit, kept under the commit's id."""

from kallithea.cache.stores import Store
from kallithea.vcs.backend import Repository


def keep_answer(store: Store, repository: Repository, key: str, answer: bytes) -> None:
    """Keep it for as long as it is right: not at all where the history is shallow, because it can be deepened."""
    if not repository.shallow:
        store.put(key, answer)
