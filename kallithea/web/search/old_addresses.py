"""Where Kallithea 0.7 had its search."""

from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request
from kallithea.web.search.choices import read_choices


def lead_to_search(context: SiteContext, request: Request) -> Response:
    """``_admin/search`` and ``_admin/search/REPOSITORY``: whether there is such a repository is not asked here."""
    path, choices = b"/".join(context.rest).decode("utf-8", "replace"), read_choices(request)
    links = request.links
    return redirect(
        choices.address(
            lambda **query: links.repository(path, "search", **query) if path else links.page("_search", **query)
        )
    )
