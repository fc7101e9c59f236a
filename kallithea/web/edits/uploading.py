"""Files from the visitor's disk, in one commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kallithea.core.words import Text, _, _n, number
from kallithea.vcs.backend import Repository
from kallithea.vcs.writing import FileChange, RefTarget
from kallithea.web.answers import Response
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.adding import folder_prefix, require_folder, written_below
from kallithea.web.edits.conflicts import Conflict
from kallithea.web.edits.frames import Frame, make_frame
from kallithea.web.edits.overwriting import OverButton, find_file, put_file, read_chosen_head, writes_over
from kallithea.web.edits.saving import Saved, Wish, posted_target, save, show_saved
from kallithea.web.edits.starts import RefusedPage, find_barrier, find_start, shown_path
from kallithea.web.multipart import UPLOAD_LIMIT
from kallithea.web.reader import size
from kallithea.web.request import Request

_TITLE = _("Upload files")
# Messages are in English: they become part of the repository, which people of many languages read.
_MESSAGE = "Upload files"

_NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class UploadPage:
    """The form. ``folder`` is where the files go; ``limit`` what all of them may have, in words.

    ``taken`` are names of files that are there already at the commit ``head``.
    """

    title: str
    frame: Frame
    folder: str
    message: str
    limit: str = size(UPLOAD_LIMIT)
    problems: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    taken: Sequence[str] = ()
    head: str = ""

    @property
    def button(self) -> Text:
        """What the button says that uploads."""
        top = self.conflict.top if self.conflict is not None else ""
        if self.frame.mercurial:
            return (
                _("Upload as a changeset on top of %(changeset)s", changeset=top) if top else _("Upload as a changeset")
            )
        return _("Upload as a commit on top of %(commit)s", commit=top) if top else _("Upload as a commit")

    @property
    def over(self) -> OverButton | None:
        """The button that uploads although there are files of these names, or somebody else saved some meanwhile."""
        if self.taken:
            return OverButton(_n("Replace %(count)s file", "Replace %(count)s files", len(self.taken)), self.head)
        changed = self.conflict.changed_at if self.conflict is not None else None
        if changed is None:
            return None
        return OverButton(_("Upload over what is there at %(commit)s", commit=changed.short), changed.commit_id)


def show_upload(context: RepositoryContext, request: Request) -> UploadPage | RefusedPage | Response:
    """The empty form. Raises PathNotFoundError."""
    barrier = find_barrier(context, request, "upload")
    if barrier is not None:
        return barrier
    with open_contents(context, request) as repository:
        start = find_start(context, request, repository, "upload")
        if isinstance(start, RefusedPage):
            return start
        require_folder(repository, start)
    frame = make_frame(context, request, "upload", start.target, start.path, start.others)
    prefix = shown_path(folder_prefix(start.path), request.application.settings.default_encoding)
    return UploadPage(_TITLE, frame, prefix, _MESSAGE)


def upload(context: RepositoryContext, request: Request) -> UploadPage | Response:
    """Commit the files, or show the form again: without a script, the files themselves a browser does not keep."""
    barrier = find_barrier(context, request, "upload")
    if barrier is not None:
        return barrier
    form, folder, uploads = request.form, b"/".join(context.rest[1:]), request.uploads
    text = form.get("folder", "")
    prefix = text if not text or text.endswith("/") else f"{text}/"
    paths = tuple(written_below(prefix + one.name, folder, request) for one in uploads)
    message = form.get("message", "")
    if message.strip() == _MESSAGE and uploads:
        message = f"Upload {uploads[0].name}" if len(uploads) == 1 else f"Upload {number(len(uploads))} files"

    if not uploads:
        request.response.status_int = 422
        target = posted_target(context, request)
        frame = make_frame(context, request, "upload", target, folder)
        return UploadPage(_TITLE, frame, text, message, problems={"files": _("Choose at least one file.")})

    encodings = request.application.settings.default_encoding
    taken: list[str] = []

    def plan(repository: Repository, target: RefTarget) -> tuple[FileChange, ...]:
        over = writes_over(request)
        there = (path for path in paths if not over and find_file(repository, target.expected, path) is not None)
        taken.extend(shown_path(path, encodings) for path in there)
        files = zip(paths, uploads, strict=True)
        return tuple(put_file(repository, target, path, one.content, over=over) for path, one in files)

    saved = save(context, request, Wish(message, paths, plan))
    if isinstance(saved, Saved):
        return show_saved(context, request, saved, paths[0] if len(paths) == 1 else paths[0].rpartition(b"/")[0])
    request.response.status_int = saved.status
    frame = make_frame(context, request, "upload", saved.target, folder, conflict=saved.conflict)
    if saved.conflict is not None or not taken:
        return UploadPage(_TITLE, frame, text, message, problems=saved.problems, conflict=saved.conflict)
    others = {name: words for name, words in saved.problems.items() if name != "path"}
    problems = {"files": _say_taken(taken), **others}
    head = read_chosen_head(request) or saved.target.expected or ""
    return UploadPage(_TITLE, frame, text, message, problems=problems, taken=taken, head=head)


def _say_taken(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
    return _n(
        "There is a file of this name already: %(names)s. It is replaced only if you say so below.",
        "There are %(count)s files of these names already: %(names)s. They are replaced only if you say so below.",
        len(names),
        names=shown,
    )
