"""The content and the name of one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.errors import message_of
from kallithea.core.words import Say, Text, _
from kallithea.services.file_texts import EDIT_LIMIT, FileText, NoTextError, normalize, read_text
from kallithea.vcs.backend import Repository
from kallithea.vcs.writing import EditFile, FileChange, MoveFile, RefTarget
from kallithea.web.answers import Response
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.conflicts import Conflict
from kallithea.web.edits.frames import Frame, make_frame
from kallithea.web.edits.overwriting import OverButton, find_file, mode_over, put_file, writes_over
from kallithea.web.edits.phrases import write_phrases
from kallithea.web.edits.saving import Saved, Wish, save, show_saved
from kallithea.web.edits.starts import RefusedPage, find_barrier, find_start, require_path, shown_path, written_path
from kallithea.web.request import Request

_TITLE = _("Edit file")


@dataclass(frozen=True, slots=True)
class EditPage:
    """The form of a file. ``note`` says how it is stored; ``problems`` by field: see ``saving.Refusal``."""

    title: str
    frame: Frame
    path: str
    content: str
    message: str
    note: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None

    @property
    def button(self) -> Text:
        """What the button says that saves."""
        top = self.conflict.top if self.conflict is not None else ""
        if self.frame.mercurial:
            return _("Save as a changeset on top of %(changeset)s", changeset=top) if top else _("Save as a changeset")
        return _("Save as a commit on top of %(commit)s", commit=top) if top else _("Save as a commit")

    @property
    def over(self) -> OverButton | None:
        """The button that saves although somebody else changed the file."""
        changed = self.conflict.changed_at if self.conflict is not None else None
        if self.conflict is None or changed is None:
            return None
        if self.conflict.now_address is None:
            return OverButton(_("Add the file again on top of %(commit)s", commit=changed.short), changed.commit_id)
        return OverButton(_("Save over the file as it is at %(commit)s", commit=changed.short), changed.commit_id)

    def phrases(self, say: Say) -> str:
        """What the editor says by itself."""
        return write_phrases(say)

    @property
    def now_text(self) -> str | None:
        """The text that somebody else saved meanwhile; None where there is none."""
        return self.conflict.now_text if self.conflict is not None else None

    @property
    def rows(self) -> int:
        """How many lines the field of the content shows without a script."""
        return min(max(self.content.count("\n") + 2, 16), 32)


def show_edit(context: RepositoryContext, request: Request) -> EditPage | RefusedPage | Response:
    """The form with the file as it is. Raises PathNotFoundError."""
    barrier = find_barrier(context, request, "edit")
    if barrier is not None:
        return barrier
    encodings = request.application.settings.default_encoding
    with open_contents(context, request) as repository:
        start = find_start(context, request, repository, "edit")
        if isinstance(start, RefusedPage):
            return start
        frame = make_frame(context, request, "edit", start.target, start.path, start.others)
        try:
            text = _read(repository, request, start.target, start.path)
        except NoTextError as problem:
            request.response.status_int = 422
            request.override_renderer = "edits/refused.mako"
            return RefusedPage(context.path, message_of(problem), frame.back_address)
    path = shown_path(start.path, encodings)
    return EditPage(_TITLE, frame, path, text.shown, _message(path), _describe(text))


def edit(context: RepositoryContext, request: Request) -> EditPage | Response:
    """Commit the file under its new name or with its new content, or show the form again."""
    barrier = find_barrier(context, request, "edit")
    if barrier is not None:
        return barrier
    form, encodings = request.form, request.application.settings.default_encoding
    old_path = require_path(context)
    shown = shown_path(old_path, encodings)
    path = written_path(form.get("path", shown), old_path, encodings)
    message = form.get("message", "")
    if path != old_path and message.strip() == _message(shown):
        message = f"Rename {shown} to {shown_path(path, encodings)}"

    def plan(repository: Repository, target: RefTarget) -> tuple[FileChange, ...]:
        over = writes_over(request)
        found = find_file(repository, target.expected, old_path)
        if over and found is None:
            return (put_file(repository, target, path, FileText().encode(form.get("content", "")), over=False),)
        content = _read(repository, request, target, old_path, over=over).encode(form.get("content", ""))
        mode = mode_over(found) if found is not None else None
        return (EditFile(path, content, mode) if path == old_path else MoveFile(old_path, path, content, mode),)

    saved = save(context, request, Wish(message, (old_path,), plan))
    if isinstance(saved, Saved):
        return show_saved(context, request, saved, path)
    request.response.status_int = saved.status
    return EditPage(
        _TITLE,
        make_frame(context, request, "edit", saved.target, old_path, conflict=saved.conflict),
        form.get("path", shown),
        normalize(form.get("content", "")),
        message,
        problems=saved.problems,
        conflict=saved.conflict,
    )


def _read(repository: Repository, request: Request, target: RefTarget, path: bytes, *, over: bool = False) -> FileText:
    """The text that is edited; with ``over``, an empty one for what is none. Raises NoTextError, PathNotFoundError."""
    blob = repository.blob(target.expected or "", path, limit=EDIT_LIMIT + 1)
    try:
        return read_text(blob, request.application.settings.default_encoding)
    except NoTextError:
        if not over:
            raise
        return FileText()


def _message(path: str) -> str:
    """In English: it becomes part of the repository, which people of many languages read."""
    return f"Edit {path}"


def _describe(text: FileText) -> str:
    ends = "CRLF" if "\r\n" in text.stored else "CR" if "\r" in text.stored else "LF"
    return _("Stays as it is stored: %(encoding)s, line ends %(ends)s.", encoding=text.encoding, ends=ends)
