"""Taking a file away."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kallithea.core.words import Text, _
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind
from kallithea.vcs.writing import DeleteFile, FileChange, RefTarget
from kallithea.web.answers import Response
from kallithea.web.contents import open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.edits.conflicts import Conflict
from kallithea.web.edits.frames import Frame, make_frame
from kallithea.web.edits.overwriting import OverButton
from kallithea.web.edits.saving import Saved, Wish, save, show_saved
from kallithea.web.edits.starts import RefusedPage, find_barrier, find_start, require_path, shown_path
from kallithea.web.request import Request

_TITLE = _("Delete file")


@dataclass(frozen=True, slots=True)
class DeletePage:
    """The question whether a file is to be deleted; ``problems`` by field: see ``saving.Refusal``."""

    title: str
    frame: Frame
    message: str
    problems: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None

    @property
    def button(self) -> Text:
        """What the button says that deletes."""
        top = self.conflict.top if self.conflict is not None else ""
        return _("Delete this file on top of %(commit)s", commit=top) if top else _("Delete this file")

    @property
    def over(self) -> OverButton | None:
        """The button that deletes the file although somebody else changed it; None where it is gone already."""
        changed = self.conflict.changed_at if self.conflict is not None and self.conflict.now_address else None
        if changed is None:
            return None
        return OverButton(_("Delete the file as it is at %(commit)s", commit=changed.short), changed.commit_id)


def show_delete(context: RepositoryContext, request: Request) -> DeletePage | RefusedPage | Response:
    """The question. Raises PathNotFoundError."""
    barrier = find_barrier(context, request, "delete")
    if barrier is not None:
        return barrier
    with open_contents(context, request) as repository:
        start = find_start(context, request, repository, "delete")
        if isinstance(start, RefusedPage):
            return start
        frame = make_frame(context, request, "delete", start.target, start.path, start.others)
        if repository.entry(start.target.expected or "", start.path).kind in (
            EntryKind.FOLDER,
            EntryKind.SUBREPOSITORY,
        ):
            request.response.status_int = 422
            request.override_renderer = "edits/refused.mako"
            return RefusedPage(context.path, _("Only files are deleted here, one by one."), frame.back_address)
    shown = shown_path(start.path, request.application.settings.default_encoding)
    # In English: it becomes part of the repository, which people of many languages read.
    return DeletePage(_TITLE, frame, f"Delete {shown}")


def delete(context: RepositoryContext, request: Request) -> DeletePage | Response:
    """Commit that the file is gone, or show the question again."""
    barrier = find_barrier(context, request, "delete")
    if barrier is not None:
        return barrier
    path, message = require_path(context), request.form.get("message", "")

    def plan(repository: Repository, target: RefTarget) -> tuple[FileChange, ...]:
        return (DeleteFile(path),)

    saved = save(context, request, Wish(message, (path,), plan))
    if isinstance(saved, Saved):
        return show_saved(context, request, saved, path)
    request.response.status_int = saved.status
    frame = make_frame(context, request, "delete", saved.target, path, conflict=saved.conflict)
    return DeletePage(_TITLE, frame, message, saved.problems, saved.conflict)
