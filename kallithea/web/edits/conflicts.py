"""What happened to a branch while somebody wrote: the answer to a form that came too late."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.services.file_texts import EDIT_LIMIT, NoTextError, read_text
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Ref, RevisionNotFoundError, TreeEntry
from kallithea.vcs.writing import RefTarget
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.overwriting import find_entry, find_file
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.ref_menu import RefLabel, label


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the branch is now. ``commit`` is None if it is gone.

    ``same``: what the form is about is as it was, so that the form can be sent again. ``file_address`` leads to the
    difference of the file, ``now_address`` to the file as it is now, whose text is ``now_text``; each is None where
    there is none.
    """

    branch: RefLabel
    commit: CommitLine | None = None
    same: bool = False
    compare_address: str | None = None
    file_address: str | None = None
    now_address: str | None = None
    now_text: str | None = None

    @property
    def changed_at(self) -> CommitLine | None:
        """Where the branch is now, if what the form is about has changed there."""
        return None if self.same else self.commit

    @property
    def top(self) -> str:
        """The short name of the commit on top of which the form can be sent again, empty where it cannot."""
        return self.commit.short if self.commit is not None and self.same else ""

    @property
    def difference_words(self) -> str:
        """The words of the link ``file_address``, for the middle of a sentence."""
        return _("what changed in it")

    @property
    def now_words(self) -> str:
        """The words of the link ``now_address``, for the middle of a sentence."""
        return _("the file as it is now")


def read_conflict(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    target: RefTarget,
    current: str | None,
    paths: Sequence[bytes],
) -> Conflict:
    """What has changed since the form was made of ``target``, for the branch and for the files at the paths.

    Of several files, the page shows the first one that has changed.
    """
    links, encodings = request.links, request.application.settings.default_encoding
    branch = label(Ref(target.kind, target.name, current or ""), encodings)
    if current is None:
        return Conflict(branch)
    commit = commit_line(repository.commit(current), encodings)
    try:
        changed = [path for path in paths if not _is_same(repository, target.expected, current, path)]
        is_known = target.expected is not None
    except RevisionNotFoundError:
        changed, is_known = list(paths), False
    path = (*changed, *paths)[0]
    is_there = find_entry(repository, current, path) is not None
    compare_address = file_address = None
    if target.expected is not None and is_known:
        compare_address = links.compare(context.path, target.expected.encode(), current.encode(), direct=True)
        span = f"{target.expected}..{current}"
        file_address = links.maker("compare-file", context.path, span)(path) if changed else None
    return Conflict(
        branch,
        commit,
        not changed,
        compare_address,
        file_address,
        links.files(context.path, current, path, target.name) if is_there else None,
        _read_now(repository, current, path, encodings) if changed else None,
    )


def _read_now(repository: Repository, commit_id: str, path: bytes, encodings: Sequence[str]) -> str | None:
    if find_file(repository, commit_id, path) is None:
        return None
    try:
        return read_text(repository.blob(commit_id, path, limit=EDIT_LIMIT + 1), encodings).shown
    except NoTextError:
        return None


def _is_same(repository: Repository, before: str | None, now: str, path: bytes) -> bool:
    return _content_of(find_entry(repository, before, path)) == _content_of(find_entry(repository, now, path))


def _content_of(entry: TreeEntry | None) -> tuple[object, ...] | None:
    return (entry.kind, entry.object_id) if entry is not None else None
