"""One file of a commit: a page of its own, or a part of the commit's page."""

from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.vcs.types import Commit
from kallithea.web.changesets.sides import ChosenParent, read_parent, sides_of
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import CommitLine, commit_line
from kallithea.web.ui.diff_files import DiffAddress, DiffPlace, FileView
from kallithea.web.ui.diff_options import Query, read_view
from kallithea.web.ui.diff_parts import FilePart, LinesPart, read_file_view, read_lines_part, wants_part
from kallithea.web.ui.diff_tools import layout_choices, whitespace_choices
from kallithea.web.ui.switch import Choice


@dataclass(frozen=True, slots=True)
class ChangesetFilePage:
    """What a commit changed in one file."""

    path: str
    commit: CommitLine
    commit_address: str
    file: FileView
    whitespace: tuple[Choice, ...]
    layouts: tuple[Choice, ...]
    raw_address: str


def place_of(context: RepositoryContext, request: Request, commit: Commit, chosen: ChosenParent) -> DiffPlace:
    """Where the parts of a commit's diff are."""
    old = sides_of(commit, chosen).old
    at = DiffAddress(context.path, "changeset", commit.commit_id, chosen.query, context.path, commit.commit_id, old)
    return DiffPlace(request.links, at, read_view(request))


def show_file(context: RepositoryContext, request: Request) -> ChangesetFilePage | FilePart:
    """What a commit changed in one file, or the part of it that a script asks for."""
    with open_contents(context, request) as repository:
        found = find(context, request, repository)
        if not found.path:
            raise NotFoundError(_("There is no such file."))
        commit = repository.commit(found.commit_id)
        chosen = _one_parent(request, commit)
        place = place_of(context, request, commit, chosen)
        file = read_file_view(request, repository, place, sides_of(commit, chosen), found.path)
    if wants_part(request):
        request.override_renderer = "ui/diff_part.mako"
        return FilePart(file)
    return _make_page(context, request, commit, chosen, found.path, file)


def show_lines(context: RepositoryContext, request: Request) -> LinesPart:
    """Unchanged lines of a file."""
    with open_contents(context, request) as repository:
        found = find(context, request, repository)
        return read_lines_part(request, repository, read_view(request), found.commit_id, found.path)


def _make_page(
    context: RepositoryContext,
    request: Request,
    commit: Commit,
    chosen: ChosenParent,
    path: bytes,
    file: FileView,
) -> ChangesetFilePage:
    links, view = request.links, read_view(request)
    carried: Query = {**chosen.query, "from": request.query_bytes("from")}

    def address(query: Query) -> str:
        return links.maker("changeset-file", context.path, commit.commit_id, query={**carried, **query})(path)

    return ChangesetFilePage(
        context.path,
        commit_line(commit, request.application.settings.default_encoding),
        links.changeset(context.path, commit.commit_id, **chosen.query),
        file,
        whitespace_choices(view, address),
        layout_choices(view, address),
        links.maker("changeset-diff", context.path, commit.commit_id, query={**chosen.query, **view.query})(path),
    )


def _one_parent(request: Request, commit: Commit) -> ChosenParent:
    chosen = read_parent(request, commit)
    if chosen.number is None:
        raise NotFoundError(_("There is no such parent."))
    return chosen
