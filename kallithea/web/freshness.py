"""Whether a browser has a page already: the ETag of everything that pages of a repository are made from.

It is known once the rights are, before the repository is opened, so that an unchanged page costs next to nothing.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from kallithea.vcs.types import VcsError
from kallithea.web.answers import Response
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.appearance import COOKIE_PREFIX
from kallithea.web.ui.shell import VERSION
from kallithea.web.variants import names_tag

# Pages say how long ago things happened; a script corrects what is older than this.
_KEPT_SECONDS = 3600


def find_tag(request: Request) -> str | None:
    """The ETag that the page has now, None for pages that have none.

    Those of administrators of the site say what they cost, which is another thing each time.
    """
    context = request.place.context
    if not (request.place.rule.tagged and isinstance(context, RepositoryContext)):
        return None
    if request.visitor.viewer.super_administrator and not request.place.rule.feed:
        return None
    try:
        shown = [_inputs_of(request, one) for one in (context, context.other) if one is not None]
    except VcsError:
        return None
    identity = request.visitor
    inputs = (
        VERSION,
        request.registry.version,
        request.origin,
        request.environ.get("SCRIPT_NAME"),
        request.environ.get("PATH_INFO"),
        request.environ.get("QUERY_STRING"),
        (identity.user_id, identity.name, identity.full_name, identity.email, identity.unread),
        request.browser_session.id,
        identity.looks,
        (request.reader.language.tag, request.reader.zone),
        sorted(cookie for cookie in request.cookies.items() if cookie[0].startswith(COOKIE_PREFIX)),
        int(request.reader.now.timestamp()) // _KEPT_SECONDS,
        shown,
    )
    return f'W/"{hashlib.blake2b(repr(inputs).encode(errors="surrogatepass"), digest_size=16).hexdigest()}"'


def _inputs_of(request: Request, context: RepositoryContext) -> tuple[object, ...]:
    """What a page shows of a repository. Raises VcsError."""
    row = context.repository
    owner = row.owner.name if row.owner is not None else None
    fingerprint = request.services.repositories.read_fingerprint(row)
    own = (row.repository_id, context.path, row.description, row.private, owner, row.updated, row.settings_version)
    return *own, int(context.level), context.visibility, context.forks, context.following, context.source, fingerprint


def has_page(request: Request, tag: str, *, exists: bool = False) -> bool:
    """Whether the browser says that it has the page with this ETag; see ``names_tag``."""
    return names_tag(request.environ, tag, exists=exists)


def unchanged(tag: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a browser that has the page, with those headers of the page that are not the usual ones."""
    return Response(status=304, headerlist=[("ETag", tag), *(headers or {}).items()])


def mark(response: Any, request: Request, tag: str) -> None:
    """Give a whole page its ETag; one that lacks parts, which are known later, gets none."""
    if response.status_int == 200 and not request.incomplete:
        response.headers.setdefault("ETag", tag)
