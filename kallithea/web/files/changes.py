"""The last changes of a folder's entries: the part of its page that comes after it.

The answer is HTML: a table of one row for each entry of the folder's page, in the same order, each of two cells: the
subject of the commit, which leads to it, and its age. While another process is finding them it is 202, and where that
takes too long 503, both in words and with ``Retry-After``.

With ``of=path`` it is the last change of the path itself, the line at the top of its page.
"""

from dataclasses import dataclass

from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.web.answers import Response, plain
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.request import Request
from kallithea.web.ui.changes import ChangeColumn, FolderAt, read_column, read_own_change
from kallithea.web.ui.commits import CommitLine, commit_line

_SOON = "2"
_LATER = "30"


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The column alone."""

    column: ChangeColumn


@dataclass(frozen=True, slots=True)
class OwnChangePage:
    """One line alone."""

    repository: str
    commit: CommitLine


def show_changes(context: RepositoryContext, request: Request) -> ChangesPage | OwnChangePage | Response:
    """The column of a folder at a commit, or the line of one path."""
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        if found.path and request.query.get("of") == "path":
            return _show_own(context, request, repository, found)
        at = FolderAt(found.commit_id, found.path, request.page_number())
        column = read_column(context, request, repository, at)
    if column.cells is not None:
        return ChangesPage(column)
    response = plain(request.reader.say(column.words), 503 if column.failed else 202)
    response.headers["Retry-After"] = _LATER if column.failed else _SOON
    return response


def _show_own(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision
) -> OwnChangePage | Response:
    change = read_own_change(context, request, repository, found.commit_id, found.path)
    if change is None:
        response = plain("", 202)
        response.headers["Retry-After"] = _SOON
        return response
    request.override_renderer = "files/own_change.mako"
    commit = repository.commit(change.commit_id)
    return OwnChangePage(context.path, commit_line(commit, request.application.settings.default_encoding))
