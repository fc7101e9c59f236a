"""What lies between two sides as plain text."""

from kallithea.services.changesets import spool_diff
from kallithea.web.answers import Response
from kallithea.web.compare.ends import open_ends, read_span
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import send_text
from kallithea.web.request import Request
from kallithea.web.ui.diff_options import read_view


def show_diff(context: RepositoryContext, request: Request) -> Response:
    """The diff as plain text, of everything or of a path. Names in its address have no slashes."""
    span, path = read_span(context.rest[:1]), b"/".join(context.rest[1:])
    with open_ends(context, request, span) as opened:
        options = read_view(request).options
        size, spool = spool_diff(opened.comparison, opened.tree, opened.sides(), options, path)
    return send_text(size, spool)
