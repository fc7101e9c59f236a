"""What happened to a branch while somebody wrote: the answer to a form that came too late."""

from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import PathNotFoundError, Ref, RevisionNotFoundError, TreeEntry
from kallithea.vcs.writing import RefTarget
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.ref_menu import RefLabel, label


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where the branch is now. ``commit`` is None if it is gone.

    ``same``: what the form is about is as it was, so that the form can be sent again. ``file_address`` leads to the
    difference of the file, ``now_address`` to the file as it is now; each is None where there is none.
    """

    branch: RefLabel
    commit: CommitLine | None = None
    same: bool = False
    compare_address: str | None = None
    file_address: str | None = None
    now_address: str | None = None

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
    path: bytes,
) -> Conflict:
    """What has changed since the form was made of ``target``, for the branch and for the file at the path."""
    links, encodings = request.links, request.application.settings.default_encoding
    branch = label(Ref(target.kind, target.name, current or ""), encodings)
    if current is None:
        return Conflict(branch)
    now = _find(repository, current, path)
    commit = commit_line(repository.commit(current), encodings)
    now_address = links.files(context.path, current, path, target.name) if now is not None and path else None
    if target.expected is None:
        return Conflict(branch, commit, now is None, now_address=now_address)
    try:
        before = _find(repository, target.expected, path)
    except RevisionNotFoundError:
        return Conflict(branch, commit, now_address=now_address)
    same = _content_of(before) == _content_of(now)
    span = f"{target.expected}..{current}"
    return Conflict(
        branch,
        commit,
        same,
        links.compare(context.path, target.expected.encode(), current.encode(), direct=True),
        None if same else links.maker("compare-file", context.path, span)(path),
        now_address,
    )


def _find(repository: Repository, commit_id: str, path: bytes) -> TreeEntry | None:
    if not path:
        return None
    try:
        return repository.entry(commit_id, path)
    except PathNotFoundError:
        return None


def _content_of(entry: TreeEntry | None) -> tuple[object, ...] | None:
    return (entry.kind, entry.object_id) if entry is not None else None
