"""The last changes of a folder's entries: the part of its page that comes after it.

The answer is HTML: a table of one row for each entry of the folder's page, in the same order, each of two cells: the
subject of the commit, which leads to it, and its age. While another process is finding them it is 202, and where that
takes too long 503, both in words and with ``Retry-After``.
"""

from dataclasses import dataclass

from kallithea.web.answers import Response, plain
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.request import Request
from kallithea.web.ui.changes import ChangeColumn, FolderAt, read_column

_SOON = "2"
_LATER = "30"


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The column alone."""

    column: ChangeColumn


def show_changes(context: RepositoryContext, request: Request) -> ChangesPage | Response:
    """The column of a folder at a commit."""
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        at = FolderAt(found.commit_id, found.path, request.page_number())
        column = read_column(context, request, repository, at)
    if column.cells is not None:
        return ChangesPage(column)
    response = plain(request.reader.say(column.words), 503 if column.failed else 202)
    response.headers["Retry-After"] = _LATER if column.failed else _SOON
    return response
