"""The buttons that lead to the forms which change files, or say why there are none."""

from dataclasses import dataclass

from kallithea.core.access import Level
from kallithea.core.words import _
from kallithea.services.edit_targets import find_targets
from kallithea.services.file_texts import find_edit_problem
from kallithea.services.refs import NO_LABELS, read_labels
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Blob, Ref, RefKind
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request

# So many branches are offered where more are at one commit.
_MOST_TARGETS = 8
_MOVABLE = (RefKind.BRANCH, RefKind.BOOKMARK)

_READ_ONLY = _("You may not write here.")
_NO_HEAD = _("Changes begin at the head of a branch.")


@dataclass(frozen=True, slots=True)
class FileActions:
    """What a member can do with a file. ``words`` say why it is not edited, where there is no address for that."""

    edit_address: str | None
    delete_address: str | None
    words: str


@dataclass(frozen=True, slots=True)
class FolderActions:
    """What a member can do in a folder. ``words`` say why there is no address; not every folder has a README."""

    add_address: str | None = None
    upload_address: str | None = None
    readme_address: str | None = None
    words: str = ""


def find_targets_of(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision
) -> tuple[Ref, ...]:
    """The branches and bookmarks that a change at this revision can move: see ``services.edit_targets``."""
    commit = repository.commit(found.commit_id)
    store, repository_id = request.application.caches.small, context.repository.repository_id

    def labels() -> tuple[Ref, ...]:
        read = read_labels(store, repository_id, repository, [commit], kinds=_MOVABLE, most=_MOST_TARGETS)
        return read.get(commit.commit_id, NO_LABELS).refs

    return find_targets(repository, commit, found.ref, labels, at=request.query_bytes("at"))


def find_file_actions(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, problem: str | None
) -> FileActions | None:
    """The actions for a file, which has this ``problem`` if it cannot be edited; None for who is not signed in."""
    if not request.visitor.signed_in:
        return None
    target, words = _find_target(context, request, repository, found)
    if target is None:
        return FileActions(None, None, words)
    edit, delete = (
        request.links.change(verb, context.path, found.commit_id, found.path, target.name)
        for verb in ("edit", "delete")
    )
    return FileActions(None if problem else edit, delete, problem or "")


def find_folder_actions(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, readme: Blob | None
) -> FolderActions | None:
    """The actions for a folder with this README; None for who is not signed in."""
    if not request.visitor.signed_in:
        return None
    target, words = _find_target(context, request, repository, found)
    if target is None:
        return FolderActions(words=words)
    name = target.name

    def address(verb: str, path: bytes) -> str:
        return request.links.change(verb, context.path, found.commit_id, path, name)

    return FolderActions(
        address("add", found.path),
        address("upload", found.path),
        address("edit", readme.path) if readme is not None and find_edit_problem(readme) is None else None,
    )


def _find_target(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision
) -> tuple[Ref | None, str]:
    if context.level < Level.WRITE:
        return None, _READ_ONLY
    targets = find_targets_of(context, request, repository, found)
    return (targets[0], "") if targets else (None, _NO_HEAD)
