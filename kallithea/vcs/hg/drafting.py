"""Writing a drafted history into a Mercurial repository."""

import datetime
import pathlib
from collections.abc import Mapping
from typing import Any

from kallithea.core.words import _
from kallithea.vcs.drafts import CommitDraft, HistoryDraft
from kallithea.vcs.hg.mercurial_setup import close_local, context, error, node, open_local
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import VcsError


def write_history(path: pathlib.Path, history: HistoryDraft, options: VcsOptions) -> None:  # noqa: ARG001 - as for Git
    """Add the commits, bookmarks and tags in one transaction. Raises VcsError."""
    repository = open_local(path)
    # like changesets that were pushed to a publishing server
    repository.ui.setconfig(b"phases", b"new-commit", b"public", b"kallithea")
    try:
        with repository.wlock(), repository.lock(), repository.transaction(b"drafts") as transaction:
            _write(repository, history, transaction)
    except (error.Abort, error.LockError, error.StorageError) as problem:
        raise VcsError(_("The history could not be written.")) from problem
    finally:
        close_local(repository)


def _write(repository: Any, history: HistoryDraft, transaction: Any) -> None:
    made: dict[str, bytes] = {}
    for commit in history.commits:
        made[commit.label] = _commit(repository, commit, made)
    if history.tags:
        _commit(repository, _tagging(history, made), made)
    changes = [(name.encode(), made[label]) for name, label in history.bookmarks.items()]
    repository._bookmarks.applychanges(repository, transaction, changes)  # noqa: SLF001 - there is no other way


def _commit(repository: Any, draft: CommitDraft, made: Mapping[str, bytes]) -> bytes:
    files = {path.encode(): content for path, content in draft.files.items()}
    copies = {new.encode(): old.encode() for new, old in draft.copies.items()}

    def read(repo: Any, commit: Any, path: bytes) -> Any:
        content = files[path]
        if content is None:
            return None
        return context.memfilectx(repo, commit, path, content, copysource=copies.get(path))

    parents = [made[label] for label in draft.parents]
    extra = {b"branch": draft.branch.encode()} | ({b"close": b"1"} if draft.closes_branch else {})
    commit = context.memctx(
        repository,
        parents + [node.nullid] * (2 - len(parents)),
        draft.message.encode(),
        sorted(files),
        read,
        draft.author.encode(),
        _date(draft.date),
        extra,
    )
    return bytes(commit.commit())


def _tagging(history: HistoryDraft, made: Mapping[str, bytes]) -> CommitDraft:
    """The commit that records the tags, on top of the last tagged one."""
    tagged = set(history.tags.values())
    last = next(commit for commit in reversed(history.commits) if commit.label in tagged)
    lines = [f"{made[label].hex()} {name}\n" for name, label in history.tags.items()]
    return CommitDraft(
        label="tags",
        author=history.tagger,
        date=history.tagged,
        message=f"Added tags {', '.join(history.tags)}",
        files={".hgtags": "".join(lines).encode()},
        parents=(last.label,),
        branch=last.branch,
    )


def _date(date: datetime.datetime) -> tuple[int, int]:
    """Seconds since 1970, and seconds of the zone west of UTC."""
    offset = date.utcoffset() or datetime.timedelta(0)
    return int(date.timestamp()), -int(offset.total_seconds())
