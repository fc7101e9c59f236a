"""Writing over what somebody else saved: never without a button that says so and names the head it was shown for."""

from dataclasses import dataclass

from kallithea.core.words import Text, _
from kallithea.services.revisions import is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, PathNotFoundError, TreeEntry
from kallithea.vcs.writing import AddFile, Content, EditFile, FileChange, FileMode, RefTarget
from kallithea.web.request import BadRequestError, Request

_NO_FILES = (EntryKind.FOLDER, EntryKind.SUBREPOSITORY)


@dataclass(frozen=True, slots=True)
class OverButton:
    """A button that writes over what is at the commit ``head``, as its words say."""

    words: Text
    head: str


def read_chosen_head(request: Request) -> str | None:
    """The commit that the visitor was shown as the head of the branch and chose to go on from, by a button.

    None where the form was sent otherwise: then it counts only as long as the branch is where it was. Raises
    BadRequestError.
    """
    chosen = request.form.get("over") or request.form.get("onto", "")
    if chosen and not is_full_id(chosen.encode("utf-8", "surrogatepass")):
        raise BadRequestError(_("A form is sent to the full id of a commit."))
    return chosen or None


def writes_over(request: Request) -> bool:
    """Whether the button said that the form writes over what is there."""
    return bool(request.form.get("over"))


def find_entry(repository: Repository, commit_id: str | None, path: bytes) -> TreeEntry | None:
    """What lies at a path of a commit, None for nothing. Raises RevisionNotFoundError."""
    if commit_id is None or not path:
        return None
    try:
        return repository.entry(commit_id, path)
    except PathNotFoundError:
        return None


def find_file(repository: Repository, commit_id: str | None, path: bytes) -> TreeEntry | None:
    """The file or symlink at a path of a commit, None for anything else. Raises RevisionNotFoundError."""
    found = find_entry(repository, commit_id, path)
    return found if found is not None and found.kind not in _NO_FILES else None


def put_file(repository: Repository, target: RefTarget, path: bytes, content: Content, *, over: bool) -> FileChange:
    """A file with this content; with ``over`` it takes the place of one that is there. Raises RevisionNotFoundError."""
    found = find_file(repository, target.expected, path) if over else None
    return AddFile(path, content) if found is None else EditFile(path, content, mode_over(found))


def mode_over(found: TreeEntry) -> FileMode | None:
    """The mode of a file that is written over this one: a symlink becomes a file, all else stays what it is."""
    return FileMode.REGULAR if found.kind is EntryKind.SYMLINK else None
