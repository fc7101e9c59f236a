"""The column of a folder's page that says which commit changed each entry last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kallithea.core.errors import message_of
from kallithea.core.jobs import FindLastChanges
from kallithea.core.words import _
from kallithea.render.text import short_line
from kallithea.services.folders import FOLDER_PAGE, Folder
from kallithea.services.last_changes import Change, place_of
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import BusyError, LimitExceededError, PathNotFoundError, TreeEntry
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import NO_MESSAGE


@dataclass(frozen=True, slots=True)
class FolderAt:
    """A page, counted from 1, of a folder of a commit."""

    commit_id: str
    path: bytes
    page: int = 1


@dataclass(frozen=True, slots=True)
class ChangeCell:
    """The last change of an entry: the subject as a link to the commit, and its age."""

    subject: Markup = Markup()
    age: Markup = Markup()


Cells = tuple[ChangeCell, ...]

_NOTHING = ChangeCell()


@dataclass(frozen=True, slots=True)
class ChangeColumn:
    """A cell for each entry that is shown, an empty one where it has no commit; None while nothing is known.

    Then a script gets them from ``address``, and ``page_address`` is the page with them for browsers without scripts.
    ``words`` say why they are not on that page; ``failed`` that it took too long.
    """

    cells: Cells | None
    address: str
    page_address: str
    words: str = ""
    failed: bool = False


def find_column(context: RepositoryContext, request: Request, at: FolderAt, folder: Folder) -> ChangeColumn:
    """The column if it was found before; where it was not, the page is marked as incomplete."""
    place = place_of(context.repository.repository_id, at.path, folder.total, at.page)
    found = request.application.last_changes.find(place, at.commit_id)
    cells = None if found is None else _make_cells(context, request, folder.entries, found)
    return _make_column(context, request, at, cells)


def read_column(context: RepositoryContext, request: Request, repository: Repository, at: FolderAt) -> ChangeColumn:
    """The column, found now if it has to be; else words, and the page is marked as incomplete."""
    entries = repository.folder(at.commit_id, at.path)
    place = place_of(context.repository.repository_id, at.path, len(entries), at.page)
    try:
        found = request.application.last_changes.read(repository, place, at.commit_id)
    except (LimitExceededError, BusyError) as problem:
        # Work in the background has more time.
        request.application.later.add(FindLastChanges(place.repository_id))
        return replace(_make_column(context, request, at, None), words=message_of(problem), failed=True)
    if found is None:
        return replace(_make_column(context, request, at, None), words=_("They are being found right now."))
    shown = entries[(at.page - 1) * FOLDER_PAGE : at.page * FOLDER_PAGE]
    return _make_column(context, request, at, _make_cells(context, request, shown, found))


def read_own_change(
    context: RepositoryContext, request: Request, repository: Repository, commit_id: str, path: bytes
) -> Change | None:
    """The last change of a path that is not the root, found now if it has to be; None while another process finds it.

    Raises PathNotFoundError, LimitExceededError, BusyError.
    """
    folder, __, name = path.rpartition(b"/")
    names = [entry.name for entry in repository.folder(commit_id, folder)]
    if name not in names:
        raise PathNotFoundError(_("There is nothing at this path."))
    place = place_of(context.repository.repository_id, folder, len(names), names.index(name) // FOLDER_PAGE + 1)
    try:
        found = request.application.last_changes.read(repository, place, commit_id)
    except (LimitExceededError, BusyError):
        request.application.later.add(FindLastChanges(place.repository_id))
        raise
    return (found or {}).get(name)


def _make_column(context: RepositoryContext, request: Request, at: FolderAt, cells: Cells | None) -> ChangeColumn:
    request.incomplete |= cells is None
    place = (context.path, at.commit_id, at.path, at.page if at.page > 1 else None)
    return ChangeColumn(cells, request.links.files_changes(*place), request.links.files_with_changes(*place))


def _make_cells(
    context: RepositoryContext, request: Request, entries: Sequence[TreeEntry], found: Mapping[bytes, Change]
) -> Cells:
    encodings, reader = request.application.settings.default_encoding, request.reader
    before = Markup('<div class="clip"><a class="quiet muted" href="{}').format(
        request.links.changeset(context.path, "")
    )
    made: dict[str, ChangeCell] = {}
    # Many entries have the same.
    for change in found.values():
        if change.commit_id not in made:
            subject = reader.html(short_line(change.subject, encodings) or NO_MESSAGE)
            link = Markup(f'{before}{change.commit_id}">{subject}</a></div>')  # noqa: S704 - an id, and what is escaped
            made[change.commit_id] = ChangeCell(link, reader.ago_short(change.when))
    changes = (found.get(entry.name) for entry in entries)
    return tuple(made[change.commit_id] if change is not None else _NOTHING for change in changes)
