"""Histories as Mercurial repositories, written in this process."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mercurial import context

from kallithea.vcs.hg.mercurial_setup import create_local, open_local
from scripts.benchmarks.generated.history import MadeCommit


def write_hg(path: Path, commits: Iterable[MadeCommit], bookmarks: int = 0) -> None:
    """Make a repository without working copy at the path. ``bookmarks`` point at the commits in turn."""
    path.mkdir()
    create_local(path)
    repository = open_local(path)
    nodes: list[bytes] = []
    with repository.wlock(), repository.lock(), repository.transaction(b"made") as transaction:
        for commit in commits:
            nodes.append(write_commit(repository, commit, nodes))
        marks = [(b"topic-%05d" % number, nodes[number % len(nodes)]) for number in range(bookmarks)]
        repository._bookmarks.applychanges(repository, transaction, marks)  # noqa: SLF001 - Mercurial's own way


def write_commit(repository: Any, commit: MadeCommit, nodes: Sequence[bytes]) -> bytes:
    """Write a changeset whose parents are among ``nodes``; its node. The repository is locked."""
    parents = [nodes[parent] for parent in commit.parents] + [repository.nullid] * (2 - len(commit.parents))

    def read(repo: Any, changeset: Any, path: bytes) -> Any:
        data = commit.files[path]
        if data is None:
            return None
        return context.memfilectx(repo, changeset, path, data, copysource=commit.renames.get(path))

    made = context.memctx(
        repository, parents, commit.message, sorted(commit.files), read, commit.author, (commit.date, -3600)
    )
    return bytes(made.commit())
