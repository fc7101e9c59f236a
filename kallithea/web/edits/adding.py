"""A new file, written in the browser."""

from kallithea.core.words import _
from kallithea.services.file_texts import FileText, normalize
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, PathNotFoundError
from kallithea.vcs.writing import FileChange, RefTarget
from kallithea.web.answers import Response
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.editing import EditPage
from kallithea.web.edits.frames import make_frame
from kallithea.web.edits.overwriting import put_file, writes_over
from kallithea.web.edits.saving import Saved, Wish, save, show_saved
from kallithea.web.edits.starts import RefusedPage, Start, find_barrier, find_start, shown_path, written_path
from kallithea.web.request import Request

_TITLE = _("New file")
# Messages are in English: they become part of the repository, which people of many languages read.
_MESSAGE = "Add a file"


def show_add(context: RepositoryContext, request: Request) -> EditPage | RefusedPage | Response:
    """The empty form, for a file in the folder that the address names. Raises PathNotFoundError."""
    barrier = find_barrier(context, request, "add")
    if barrier is not None:
        return barrier
    with open_contents(context, request) as repository:
        start = find_start(context, request, repository, "add")
        if isinstance(start, RefusedPage):
            return start
        require_folder(repository, start)
    frame = make_frame(context, request, "add", start.target, start.path, start.others)
    return EditPage(_TITLE, frame, shown_path(folder_prefix(start.path), _encodings(request)), "", _MESSAGE)


def add(context: RepositoryContext, request: Request) -> EditPage | Response:
    """Commit the file, or show the form again."""
    barrier = find_barrier(context, request, "add")
    if barrier is not None:
        return barrier
    form, encodings = request.form, _encodings(request)
    folder = b"/".join(context.rest[1:])
    text = form.get("path", "")
    path = written_below(text, folder, request)
    message = form.get("message", "")
    if message.strip() == _MESSAGE:
        message = f"Add {shown_path(path, encodings)}"

    def plan(repository: Repository, target: RefTarget) -> tuple[FileChange, ...]:
        content = FileText().encode(form.get("content", ""))
        over = writes_over(request) and form.get("seen") == text
        return (put_file(repository, target, path, content, over=over),)

    saved = save(context, request, Wish(message, (path,), plan))
    if isinstance(saved, Saved):
        return show_saved(context, request, saved, path)
    request.response.status_int = saved.status
    return EditPage(
        _TITLE,
        make_frame(context, request, "add", saved.target, folder, conflict=saved.conflict),
        text,
        normalize(form.get("content", "")),
        message,
        problems=saved.problems,
        conflict=saved.conflict,
    )


def require_folder(repository: Repository, start: Start) -> None:
    """Raise PathNotFoundError unless files can be added at the path of the address."""
    head = start.target.expected
    if head is not None and repository.entry(head, start.path).kind is not EntryKind.FOLDER:
        raise PathNotFoundError(_("There is no such folder."))


def folder_prefix(folder: bytes) -> bytes:
    """What paths of files in the folder begin with."""
    return folder + b"/" if folder else b""


def written_below(text: str, folder: bytes, request: Request) -> bytes:
    """The path that a field says, which was offered with the prefix of the folder.

    As long as that stands, it means the very bytes of the folder's name.
    """
    encodings, prefix = _encodings(request), folder_prefix(folder)
    shown = shown_path(prefix, encodings)
    if shown and text.startswith(shown):
        return prefix + written_path(text.removeprefix(shown), folder, encodings)
    return written_path(text, folder, encodings)


def _encodings(request: Request) -> tuple[str, ...]:
    return request.application.settings.default_encoding
